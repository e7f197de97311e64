import type { Result } from '#contracts';
import { problem } from '#schema';

export interface HubAddress {
  /** `OWNER/REPO`. */
  readonly repo: string;
  /** Path of the file in it. */
  readonly path: string;
  /** Branch, tag or commit. */
  readonly revision: string;
}

const shape = /^hf:([\w.-]+\/[\w.-]+)\/([^@?#]+)(?:@([^@?#]+))?$/;

/** `hf:OWNER/REPO/PATH[@REVISION]`; the revision is `main` when absent. */
export function parseHubAddress(uri: string): Result<HubAddress> {
  const match = shape.exec(uri);
  const [, repo, path, revision = 'main'] = match ?? [];
  if (
    repo === undefined ||
    path === undefined ||
    path.split('/').some(isOdd) ||
    repo.split('/').some(isOdd)
  ) {
    const message = 'Write `hf:OWNER/REPO/PATH` or `hf:OWNER/REPO/PATH@REVISION`.';
    return { ok: false, problem: problem('invalid_request', message, { param: 'source' }) };
  }
  return { ok: true, value: { repo, path, revision } };
}

function isOdd(part: string): boolean {
  return part === '' || part === '.' || part === '..';
}
