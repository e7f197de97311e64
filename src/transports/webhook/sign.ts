import { createHmac } from 'node:crypto';

const prefix = 'whsec_';

/** The secret of one tenant, made from the platform's: nothing to store, and no tenant can sign for another. */
export function webhookSecretOf(platformSecret: string, tenant: string): string {
  return prefix + createHmac('sha256', platformSecret).update(`webhook\n${tenant}`).digest('base64');
}

export interface Signed {
  readonly id: string;
  readonly timestampS: number;
  readonly text: string;
}

/** Headers as Standard Webhooks 1.0 has them (standardwebhooks.com): HMAC-SHA-256 over id, time and body. */
export function signatureHeaders(
  secret: string,
  { id, timestampS, text }: Signed,
): Readonly<Record<string, string>> {
  const key = Buffer.from(secret.slice(prefix.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestampS}.${text}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampS),
    'webhook-signature': `v1,${signature}`,
  };
}
