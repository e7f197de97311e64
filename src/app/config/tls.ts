import { createSecureContext } from 'node:tls';
import { problem, ProblemError, type Config } from '#schema';
import { namedFile } from './named-file.ts';

interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** As bytes: an empty text would be taken for none. */
function bytesOf(property: string, path: string): Buffer {
  return Buffer.from(namedFile(property, path));
}

/** Certificate and key, if they are there and belong together: before anything listens. */
export function tlsPair({ tls }: Config): TlsPair | undefined {
  if (tls === undefined) return undefined;
  const pair = { cert: bytesOf('tls.cert', tls.cert), key: bytesOf('tls.key', tls.key) };
  try {
    createSecureContext(pair);
    return pair;
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    const message = `\`tls.cert\` and \`tls.key\` are no certificate and its key, as PEM: ${why}.`;
    throw new ProblemError(problem('invalid_config', message, { param: 'tls' }));
  }
}
