import { ProblemError, problem } from '#schema';
import { openDatabase } from './open-database.ts';
import { problemOfSqlite } from './sqlite-fault.ts';
import { reportOnce } from '../report-once.ts';
import type { Tables } from './tables.ts';
import { prepareTables } from './tables.ts';

interface Session {
  /** Runs `work` on the open database; whatever it throws comes out as a ProblemError. */
  use<T>(work: (tables: Tables) => T): T;
  close(): void;
}

/** An open database, until it is closed. `onFault` hears of rows that cannot be read. */
export function openSession(path: string, onFault: (fault: ProblemError) => void): Session {
  const database = openDatabase(path);
  const tables = prepareTables(database, reportOnce(onFault));
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
      try {
        // The library keeps the file open until its statements are collected: leave nothing in the log.
        database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } catch {
        // A full disk: what was committed is in the log, and the next start finds it there.
      } finally {
        database.close();
      }
    },
  };
}
