import type { ByteRange, Result, Source, SourceFile } from '#contracts';
import { exactBytes } from '../exact-bytes.ts';
import { refusalOf, unavailable } from '../unavailable.ts';
import type { FileFacts } from './file-facts.ts';
import { factsOf } from './file-facts.ts';
import { readRange } from './read-range.ts';
import { parseAddress, shown } from './web-address.ts';
import type { WebGet } from './web-client.ts';
import { createWebGet, dropBody } from './web-client.ts';

interface HttpsSourceDeps {
  /** `http` names the same for loopback addresses. */
  readonly scheme: 'https' | 'http';
  readonly idleMs: number;
}

/** Files on the web. Reads in ranges where the server can, and only while the file stays the same. */
export function createHttpsSource({ scheme, idleMs }: HttpsSourceDeps): Source {
  const get = createWebGet({ idleMs });
  return {
    scheme,
    async open(uri, signal) {
      const url = parseAddress(uri);
      if (!url.ok) return url;
      try {
        const facts = await probe(get, url.value, signal);
        return facts.ok ? { ok: true, value: describe(get, url.value, facts.value) } : facts;
      } catch (cause) {
        if (signal.aborted)
          return { ok: false, problem: unavailable(`Opening ${shown(url.value)} was cancelled.`) };
        return refusalOf(cause, shown(url.value));
      }
    },
  };
}

/** One byte asked for tells size, identity and whether ranges work; HEAD is refused by many signed addresses. */
async function probe(get: WebGet, url: URL, signal: AbortSignal): Promise<Result<FileFacts>> {
  const answer = await get(url, { range: 'bytes=0-0' }, signal);
  if (!answer.ok) return answer;
  dropBody(answer.value);
  return factsOf(answer.value, shown(url));
}

function describe(get: WebGet, url: URL, facts: FileFacts): SourceFile {
  const { sizeBytes, identity, ranged } = facts;
  const read = (range: ByteRange, signal: AbortSignal) =>
    exactBytes(readRange({ get, url, facts }, range, signal), { range, signal, where: shown(url) });
  return { name: nameOf(url), sizeBytes, identity, ranged, read };
}

function nameOf(url: URL): string {
  const last = url.pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last) || url.hostname;
  } catch {
    return last;
  }
}
