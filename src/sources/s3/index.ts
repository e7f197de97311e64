export { createS3Source } from './s3-source.ts';
