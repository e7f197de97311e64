import type * as S3Library from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import type { S3Credentials, S3Settings } from './settings.ts';

export interface Connection {
  readonly library: typeof S3Library;
  readonly client: S3Client;
}

/** Nothing may come for so long. */
const idleMs = 30_000;
const attempts = 5;

/** Without the fields that are undefined, which the library's types do not know. */
function given({ sessionToken, ...keys }: S3Credentials) {
  return sessionToken === undefined ? keys : { ...keys, sessionToken };
}

/** The library and a client of it; nothing is asked yet. */
export async function connect(settings: S3Settings): Promise<Connection> {
  const { endpoint, region, pathStyle, credentials } = settings;
  // Only who keeps something on S3 pays for the library.
  const library = await import('@aws-sdk/client-s3');
  const client = new library.S3Client({
    region,
    forcePathStyle: pathStyle,
    maxAttempts: attempts,
    // Not every server knows the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5000, requestTimeout: idleMs, socketTimeout: idleMs },
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { credentials: given(credentials) }),
  });
  return { library, client };
}
