/** Steps of the schema, oldest first; never edited once released. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE tasks (
    id text COLLATE "C" PRIMARY KEY,
    lane text NOT NULL,
    tenant text NOT NULL,
    model text NOT NULL,
    state text NOT NULL,
    ready smallint NOT NULL,
    band smallint NOT NULL,
    rank float8 NOT NULL,
    attempt int NOT NULL DEFAULT 0,
    token float8 NOT NULL DEFAULT 0,
    worker text,
    claimed_ms float8,
    lease_ms float8,
    wake_ms float8 NOT NULL,
    created_ms float8 NOT NULL,
    expires_ms float8 NOT NULL,
    progress text,
    idempotency_key text,
    record text NOT NULL,
    input bytea,
    output bytea
  ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 1);

  CREATE INDEX tasks_ready ON tasks (lane, band, rank, id) WHERE ready = 1;
  CREATE INDEX tasks_wake ON tasks (wake_ms);
  CREATE UNIQUE INDEX tasks_once ON tasks (tenant, idempotency_key) WHERE idempotency_key IS NOT NULL;

  -- Only ever added to, so that nobody waits for a row that others count in too; summed up from time to time.
  CREATE TABLE task_counts (
    lane text NOT NULL,
    tenant text NOT NULL,
    model text NOT NULL,
    state text NOT NULL,
    count bigint NOT NULL
  );

  CREATE FUNCTION count_new_tasks() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO task_counts SELECT lane, tenant, model, state, count(*) FROM new_rows GROUP BY 1, 2, 3, 4;
    RETURN NULL;
  END $$;
  CREATE FUNCTION count_old_tasks() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO task_counts SELECT lane, tenant, model, state, -count(*) FROM old_rows GROUP BY 1, 2, 3, 4;
    RETURN NULL;
  END $$;
  CREATE FUNCTION count_changed_tasks() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO task_counts
      SELECT lane, tenant, model, state, sum(one) FROM (
        SELECT lane, tenant, model, state, 1 AS one FROM new_rows
        UNION ALL
        SELECT lane, tenant, model, state, -1 FROM old_rows
      ) changes GROUP BY 1, 2, 3, 4 HAVING sum(one) <> 0;
    RETURN NULL;
  END $$;
  CREATE TRIGGER tasks_counted AFTER INSERT ON tasks
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_new_tasks();
  CREATE TRIGGER tasks_uncounted AFTER DELETE ON tasks
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION count_old_tasks();
  CREATE TRIGGER tasks_recounted AFTER UPDATE ON tasks
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_changed_tasks();
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
