/** Steps of the schema, oldest first; never edited once released. Step n leads to `user_version` n. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE opened (times INTEGER NOT NULL);
  INSERT INTO opened VALUES (0);

  CREATE TABLE tasks (
    id TEXT PRIMARY KEY,
    lane TEXT NOT NULL,
    tenant TEXT NOT NULL,
    model TEXT NOT NULL,
    state TEXT NOT NULL,
    ready INTEGER NOT NULL,
    band INTEGER NOT NULL,
    rank REAL NOT NULL,
    attempt INTEGER NOT NULL,
    token INTEGER NOT NULL,
    worker TEXT,
    claimed_ms INTEGER,
    lease_ms INTEGER,
    wake_ms INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    progress TEXT,
    idempotency_key TEXT,
    record TEXT NOT NULL,
    input BLOB,
    output BLOB
  ) WITHOUT ROWID;

  CREATE INDEX tasks_ready ON tasks (lane, band, rank, id) WHERE ready = 1;
  CREATE INDEX tasks_wake ON tasks (wake_ms);
  CREATE UNIQUE INDEX tasks_once ON tasks (tenant, idempotency_key) WHERE idempotency_key IS NOT NULL;

  CREATE TABLE task_counts (
    lane TEXT NOT NULL,
    tenant TEXT NOT NULL,
    model TEXT NOT NULL,
    state TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (lane, tenant, model, state)
  ) WITHOUT ROWID;

  CREATE TRIGGER tasks_counted AFTER INSERT ON tasks BEGIN
    INSERT INTO task_counts VALUES (new.lane, new.tenant, new.model, new.state, 1)
      ON CONFLICT DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER tasks_recounted AFTER UPDATE OF state ON tasks WHEN new.state <> old.state BEGIN
    UPDATE task_counts SET count = count - 1
      WHERE lane = old.lane AND tenant = old.tenant AND model = old.model AND state = old.state;
    INSERT INTO task_counts VALUES (new.lane, new.tenant, new.model, new.state, 1)
      ON CONFLICT DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER tasks_uncounted AFTER DELETE ON tasks BEGIN
    UPDATE task_counts SET count = count - 1
      WHERE lane = old.lane AND tenant = old.tenant AND model = old.model AND state = old.state;
  END;
  `,
  `
  -- Whose turn it is stands beside it, so that turns can be read from the index alone.
  DROP INDEX tasks_ready;
  CREATE INDEX tasks_ready ON tasks (lane, band, rank, id, tenant) WHERE ready = 1;
  -- For lists: one stretch for each row of the counts.
  CREATE INDEX tasks_listed ON tasks (lane, tenant, model, state, id);
  `,
  `
  -- What waits for another one of its tenant to end.
  CREATE INDEX tasks_parked ON tasks (lane, tenant, band, rank, id) WHERE ready = 2;
  `,
];
