/**
 * Resources as they are, the newest changes for watchers, and the audit log, which is only ever added to; then who takes
 * part, who holds which office, and what all agree on.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE resources (
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    version float8 NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (kind, name)
  );
  CREATE TABLE changes (
    version float8 PRIMARY KEY,
    type text NOT NULL,
    body text NOT NULL
  );
  CREATE TABLE audit (
    entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at_ms float8 NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    body text NOT NULL
  );
  CREATE INDEX audit_by_resource ON audit (kind, name);
  CREATE INDEX audit_by_time ON audit (at_ms);
  `,
  `
  CREATE TABLE members (
    name text COLLATE "C" PRIMARY KEY,
    holder text NOT NULL,
    until timestamptz NOT NULL,
    facts text NOT NULL
  );
  CREATE TABLE offices (
    name text PRIMARY KEY,
    holder text NOT NULL,
    until timestamptz NOT NULL,
    term bigint NOT NULL
  );
  CREATE TABLE agreed (
    name text PRIMARY KEY,
    value text NOT NULL
  );
  `,
];
