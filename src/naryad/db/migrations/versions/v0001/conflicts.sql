-- A conflict card: written with the operation that is the reason, closed by somebody at the desk.
-- It tells what it says by itself: the job, the receipt and the change may be gone before it.
create table conflict (
  account_id    uuid not null references account (id) on delete cascade,
  id            uuid not null,
  n             bigint not null generated always as identity,  -- the order of their making
  kind          text not null check (kind in ('lost', 'overrode', 'late', 'rejected')),
  job_id        uuid,
  job_number    bigint,
  worker_id     uuid not null,
  device_id     uuid not null,
  operation_id  uuid not null,
  operation     jsonb not null,              -- as it came, so that nothing typed is lost
  fields        jsonb not null,              -- {merge name: {taken, refused}}
  bytes         integer not null generated always as
                  (octet_length(operation::text) + octet_length(fields::text)) stored,
  problem       jsonb,                       -- of a rejected one
  version       bigint,                      -- the change it became; none for a rejected one
  happened_at   timestamptz not null,
  recorded_at   timestamptz not null,
  resolved_at   timestamptz,
  resolved_by   uuid,
  take          text check (take in ('current', 'other')),
  primary key (account_id, id),
  unique (account_id, device_id, operation_id),
  check ((resolved_at is null) = (take is null)),
  foreign key (account_id, worker_id) references account_user (account_id, id) on delete cascade
);
create index conflict_newest on conflict (account_id, n);
create index conflict_open on conflict (account_id, n) where resolved_at is null;
create index conflict_job on conflict (account_id, job_id, n);
create index conflict_resolved on conflict (account_id, resolved_at) where resolved_at is not null;
