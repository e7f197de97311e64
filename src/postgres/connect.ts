import { Client, Pool, type ClientBase, type ClientConfig, type QueryResultRow } from 'pg';
import { problem, ProblemError, type Problem } from '#schema';

export interface Query {
  /** Prepared once for each connection; absent for statements that differ every time. */
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

export type Asking = (query: Query) => Promise<readonly QueryResultRow[]>;

export interface Server {
  /** One statement by itself. */
  readonly ask: Asking;
  /** All of the work, or nothing of it. */
  atomically<T>(work: (ask: Asking) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface ServerAddress {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** Where the tables are; made when missing. */
  readonly schema: string;
  /** What has not been answered by then never will be: the way there is cut, and nobody told us. 10 s when absent. */
  readonly answerMs?: number;
}

/** Tables that belong together, and how they came to be. */
export interface Tables {
  /** For people, and for the table that counts the steps. */
  readonly name: string;
  /** Steps of the schema, oldest first; never edited once released. */
  readonly migrations: readonly string[];
}

const connectMs = 5000;
const defaultAnswerMs = 10_000;
/** Connections at the same time: more would only wait for each other's syncs. */
const connectionsMax = 6;

/**
 * Classes 08 and 57: connections, and servers that stop. 25P03: a transaction that was not heard of for too long. What
 * is no SQLSTATE comes from the way there.
 */
function isAway(code: string): boolean {
  return !/^[0-9A-Z]{5}$/.test(code) || code.startsWith('08') || code.startsWith('57') || code === '25P03';
}

/** What a fault of the server or the way to it means for whoever asked. */
function problemOfServer(fault: unknown): Problem {
  if (fault instanceof ProblemError) return fault.problem;
  const message = fault instanceof Error ? fault.message : String(fault);
  const code = fault instanceof Error && 'code' in fault ? String(fault.code) : '';
  if (code === '53100') return problem('storage_full');
  if (code === '22021')
    return problem('invalid_request', 'There is a character in it that no text can have.');
  return problem(
    isAway(code) ? 'store_unreachable' : 'internal',
    `PostgreSQL: ${message}${message.includes(code) ? '' : ` (${code})`}.`,
  );
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * What every connection of ours has set: an answered commit is on disk, whatever the server's own default; and locks
 * of a transaction that is cut off in the middle are given back.
 */
function clientConfig({ url, schema, answerMs = defaultAnswerMs }: ServerAddress): ClientConfig {
  return {
    connectionString: url,
    options: `-c search_path=${schema} -c synchronous_commit=on -c idle_in_transaction_session_timeout=${answerMs}`,
    connectionTimeoutMillis: Math.min(connectMs, answerMs),
    application_name: 'millrace',
    keepAlive: true,
  };
}

/** The same for what is short: given up when no answer comes. */
export function hastyConfig(address: ServerAddress): ClientConfig {
  return { ...clientConfig(address), query_timeout: address.answerMs ?? defaultAnswerMs };
}

function asking(client: Pick<ClientBase, 'query'>): Asking {
  return async (query) => {
    const { rows } = await client.query<QueryResultRow>({ ...query, values: [...(query.values ?? [])] });
    return rows;
  };
}

async function transaction<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  try {
    await client.query('BEGIN');
    const value = await work();
    await client.query('COMMIT');
    return value;
  } catch (fault) {
    // A refusal of ours. After any other fault the connection is not used again: there may be nobody to tell.
    if (fault instanceof ProblemError) await client.query('ROLLBACK');
    throw fault;
  }
}

async function pooled<T>(pool: Pool, work: (ask: Asking) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    const value = await transaction(client, () => work(asking(client)));
    client.release();
    return value;
  } catch (fault) {
    client.release(!(fault instanceof ProblemError));
    throw fault;
  }
}

/** Brings the tables to their newest step; of several processes at once, one does and the others wait. */
async function migrate(client: Client, schema: string, { name, migrations }: Tables): Promise<void> {
  const steps = quoted(`${name}_schema`);
  await transaction(client, async () => {
    await client.query("SELECT pg_advisory_xact_lock(hashtext('millrace migrations'))");
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}`);
    await client.query(`CREATE TABLE IF NOT EXISTS ${steps} (version int NOT NULL)`);
    const { rows } = await client.query<{ version: number }>(`SELECT version FROM ${steps}`);
    const from = rows[0]?.version ?? 0;
    if (from > migrations.length)
      throw new ProblemError(
        problem('store_unusable', `A newer version wrote the ${name} (schema ${from}). Start that version.`),
      );
    for (const step of migrations.slice(from)) await client.query(step);
    if (rows.length === 0) await client.query(`INSERT INTO ${steps} VALUES ($1)`, [migrations.length]);
    else if (from < migrations.length)
      await client.query(`UPDATE ${steps} SET version = $1`, [migrations.length]);
  });
}

/** Over a connection of its own: a step may take as long as it takes. */
async function migrateAll(address: ServerAddress, tables: Tables): Promise<void> {
  const client = new Client(clientConfig(address));
  client.on('error', () => undefined);
  try {
    await client.connect();
    await migrate(client, address.schema, tables);
  } finally {
    await client.end();
  }
}

/** Whatever goes wrong comes out as a ProblemError. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (fault) {
    throw new ProblemError(problemOfServer(fault));
  }
}

/** Connects and brings the tables up to date. Throws a ProblemError when that cannot be done. */
export async function connect(address: ServerAddress, tables: Tables): Promise<Server> {
  await guarded(() => migrateAll(address, tables));
  const pool = new Pool({ ...hastyConfig(address), max: connectionsMax });
  // A connection that breaks fails the question on it and is replaced by the next; unheard, it would end the process,
  // whether it was idle (the pool hears that) or in a transaction (only the connection itself does).
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return {
    ask: (query) => guarded(() => asking(pool)(query)),
    atomically: (work) => guarded(() => pooled(pool, work)),
    close: () => pool.end(),
  };
}
