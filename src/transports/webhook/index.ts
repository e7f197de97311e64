import { lookup as resolveName, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import { Agent, request } from 'undici';
import { problem, type Problem } from '#schema';
import type { Clock, Courier, Delivery, Letter } from '#contracts';
import { isPrivateAddress } from './private-address.ts';
import { signatureHeaders, webhookSecretOf } from './sign.ts';

export { webhookSecretOf } from './sign.ts';

export interface WebhookCourierDeps {
  readonly clock: Pick<Clock, 'nowMs'>;
  /** What the signing secrets of all tenants are made from. */
  readonly platformSecret: string;
  /** Also deliver to addresses of this machine and its networks. */
  readonly allowPrivate: boolean;
}

const timeoutMs = 15_000;

type Resolved = (fault: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

class PrivateAddress extends Error {
  constructor(host: string) {
    super(`${host} is an address of this machine or its networks`);
    this.name = 'PrivateAddress';
  }
}

/** Looks a name up for the connection itself, so that what was checked is what is connected to. */
function lookupPublic(host: string, options: LookupOptions, done: Resolved): void {
  resolveName(host, { ...options, all: true }, (fault, addresses) => {
    const inside = addresses?.some(({ address }) => isPrivateAddress(address));
    if (inside) done(new PrivateAddress(host), []);
    else done(fault, addresses);
  });
}

function unwanted(message: string): Delivery {
  return { kind: 'unwanted', problem: problem('invalid_request', message, { param: 'webhook' }) };
}

function failed(message: string, details: { retryAfterMs?: number | undefined } = {}): Delivery {
  const cause: Problem = problem('source_unavailable', message, details);
  return { kind: 'failed', problem: cause };
}

function deliveryOf(status: number, retryAfter: unknown): Delivery {
  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  if (status === 410) return unwanted('The webhook says that it is gone for good (410).');
  const seconds = Number(retryAfter ?? Number.NaN);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
  return failed(`The webhook answered with status ${status}.`, { retryAfterMs });
}

/** Delivers by HTTP POST, signed. Redirects are not followed: they could lead anywhere. */
export function createWebhookCourier({ clock, platformSecret, allowPrivate }: WebhookCourierDeps): Courier {
  const agent = new Agent({
    connections: 4,
    connect: { timeout: timeoutMs, ...(allowPrivate ? {} : { lookup: lookupPublic }) },
  });

  async function post({ id, url, tenant, text }: Letter, signal: AbortSignal): Promise<Delivery> {
    const timestampS = Math.floor(clock.nowMs() / 1000);
    const { statusCode, headers, body } = await request(url, {
      method: 'POST',
      dispatcher: agent,
      signal,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'millrace-webhooks',
        ...signatureHeaders(webhookSecretOf(platformSecret, tenant), { id, timestampS, text }),
      },
      body: text,
    });
    await body.dump({ limit: 65_536 }).catch(() => undefined);
    return deliveryOf(statusCode, headers['retry-after']);
  }

  return {
    async deliver(letter, signal) {
      const host = new URL(letter.url).hostname.replace(/^\[|\]$/g, '');
      if (!allowPrivate && isIP(host) !== 0 && isPrivateAddress(host))
        return unwanted(`Webhooks may not go to ${host}, an address of this machine or its networks.`);
      try {
        return await post(letter, signal);
      } catch (fault) {
        if (fault instanceof PrivateAddress) return unwanted(`Webhooks may not go there: ${fault.message}.`);
        return failed(
          `The webhook cannot be reached: ${fault instanceof Error ? fault.message : 'unknown'}.`,
        );
      }
    },
    close: () => agent.destroy(),
  };
}
