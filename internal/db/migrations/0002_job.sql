-- Work to be done later, or elsewhere: one row a job, written by the act that asks for it.
-- Finished rows are taken away after a time; they are no records.
CREATE TABLE job (
  id           TEXT PRIMARY KEY,
  kind         TEXT NOT NULL,
  queue        TEXT NOT NULL,
  args         TEXT NOT NULL,
  unique_key   TEXT,
  state        TEXT NOT NULL,
  run_at       TIMESTAMPTZ NOT NULL,
  attempts     BIGINT NOT NULL,
  most         BIGINT NOT NULL,
  claims       BIGINT NOT NULL,
  again        BOOLEAN NOT NULL,
  worker       TEXT,
  lease_until  TIMESTAMPTZ,
  trouble      TEXT,
  enqueued_at  TIMESTAMPTZ NOT NULL,
  finished_at  TIMESTAMPTZ
);
CREATE UNIQUE INDEX job_unique ON job (kind, unique_key) WHERE finished_at IS NULL;
CREATE INDEX job_due ON job (queue, run_at, id) WHERE state = 'ready';
CREATE INDEX job_lease ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_state ON job (state, id);
CREATE INDEX job_kind ON job (kind, id);
CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL;
-- The last slot of each schedule for which a job was enqueued.
CREATE TABLE job_schedule (
  name  TEXT PRIMARY KEY,
  slot  TIMESTAMPTZ NOT NULL
);
