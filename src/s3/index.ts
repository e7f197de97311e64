/** How we speak to S3-compatible servers. */
export { openBucket, type Bucket, type S3Object } from './bucket.ts';
export type { S3Credentials, S3Settings } from './settings.ts';
