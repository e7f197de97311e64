import { z } from 'zod';
import type { Claim, Fence, Peers, Presence } from '#contracts';
import type { Asking, Server } from '#postgres';

const presenceRow = z.object({ name: z.string(), holder: z.string(), facts: z.string() });
const termRow = z.object({ term: z.coerce.number() });
const nowRow = z.object({ now: z.coerce.number() });
const valueRow = z.object({ value: z.string() });

/** Time is the server's: a process whose clock jumps neither keeps nor takes anything by it. */
const inAWhile = "clock_timestamp() + $3 * interval '1 millisecond'";

async function announce(ask: Asking, { name, holder, facts }: Presence, leaseMs: number): Promise<boolean> {
  const rows = await ask({
    name: 'peers-announce',
    text: `INSERT INTO members AS m (name, holder, until, facts) VALUES ($1, $2, ${inAWhile}, $4)
      ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until, facts = excluded.facts
      WHERE m.holder = excluded.holder OR m.until < clock_timestamp()
      RETURNING name`,
    values: [name, holder, leaseMs, facts],
  });
  return rows.length > 0;
}

/** An office that runs on in the same hands keeps its term, also when its lease had run out meanwhile. */
async function claim(ask: Asking, { office, holder, leaseMs }: Claim): Promise<Fence | undefined> {
  const rows = await ask({
    name: 'peers-claim',
    text: `INSERT INTO offices AS o (name, holder, until, term) VALUES ($1, $2, ${inAWhile}, 1)
      ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until,
        term = CASE WHEN o.holder = excluded.holder THEN o.term ELSE o.term + 1 END
      WHERE o.holder = excluded.holder OR o.until < clock_timestamp()
      RETURNING term`,
    values: [office, holder, leaseMs],
  });
  return rows.length > 0 ? { office, term: termRow.parse(rows[0]).term } : undefined;
}

/** Whether the fence holds. Whoever wants the office waits until the transaction that asks this is over. */
export async function isHeld(ask: Asking, { office, term }: Fence): Promise<boolean> {
  const rows = await ask({
    name: 'peers-held',
    text: 'SELECT 1 FROM offices WHERE name = $1 AND term = $2 FOR SHARE',
    values: [office, term],
  });
  return rows.length > 0;
}

async function agree(ask: Asking, name: string, offered: string): Promise<string> {
  const insert = 'INSERT INTO agreed (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING';
  await ask({ text: insert, values: [name, offered] });
  const rows = await ask({ text: 'SELECT value FROM agreed WHERE name = $1', values: [name] });
  return valueRow.parse(rows[0]).value;
}

export function createPeers({ ask }: Pick<Server, 'ask'>, catchUp: Peers['catchUp']): Peers {
  return {
    announce: (presence, leaseMs) => announce(ask, presence, leaseMs),
    async leave({ name, holder }) {
      await ask({ text: 'DELETE FROM members WHERE name = $1 AND holder = $2', values: [name, holder] });
    },
    async present() {
      const rows = await ask({
        name: 'peers-present',
        text: 'SELECT name, holder, facts FROM members WHERE until >= clock_timestamp() ORDER BY name',
      });
      return z.array(presenceRow).parse(rows);
    },
    claim: (wanted) => claim(ask, wanted),
    async resign({ office, holder }) {
      const text =
        'UPDATE offices SET until = clock_timestamp(), holder = $3 WHERE name = $1 AND holder = $2';
      await ask({ text, values: [office, holder, ''] });
    },
    async nowMs() {
      const text = 'SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now';
      return nowRow.parse((await ask({ name: 'peers-now', text }))[0]).now;
    },
    agree: (name, offered) => agree(ask, name, offered),
    catchUp,
  };
}
