import { ProblemError, problem } from '#schema';
import { openDatabase } from './open-database.ts';
import { problemOfSqlite } from './sqlite-fault.ts';
import type { Tables } from './tables.ts';
import { prepareTables } from './tables.ts';

interface Session {
  /** Runs `work` on the open database; whatever it throws comes out as a ProblemError. */
  use<T>(work: (tables: Tables) => T): T;
  close(): void;
}

/** An open database, until it is closed. */
export function openSession(path: string): Session {
  const database = openDatabase(path);
  const tables = prepareTables(database);
  let open = true;
  return {
    use(work) {
      if (!open) throw new ProblemError(problem('shutting_down', 'The store is closed.'));
      try {
        return work(tables);
      } catch (fault) {
        throw new ProblemError(problemOfSqlite(fault));
      }
    },
    close() {
      if (!open) return;
      open = false;
      // The library keeps the file open until its statements are collected: leave nothing in the log.
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      database.close();
    },
  };
}
