import { Client } from 'pg';
import { clientConfig, type ServerAddress } from './connect.ts';

/**
 * Takes a lock that the server gives back when our connection ends, however that comes about; undefined while somebody
 * else has it. Returns how to give it back.
 */
export async function takeLock(
  address: ServerAddress,
  topic: string,
): Promise<(() => Promise<void>) | undefined> {
  const client = new Client(clientConfig(address));
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ taken: boolean }>(
    'SELECT pg_try_advisory_lock(hashtext($1)) AS taken',
    [`${address.schema} ${topic}`],
  );
  if (rows[0]?.taken === true) return () => client.end();
  await client.end();
  return undefined;
}
