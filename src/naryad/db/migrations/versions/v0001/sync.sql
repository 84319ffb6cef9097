-- One row per worker and job the worker sees or saw; visible = false is the removal.
create table feed (
  account_id     uuid not null,
  worker_id      uuid not null,
  job_id         uuid not null,
  version        bigint not null,
  visible        boolean not null,
  visible_since  bigint not null,            -- a phone below this version needs the whole job
  primary key (account_id, worker_id, job_id),
  foreign key (account_id, worker_id) references account_user (account_id, id) on delete cascade
);
create index feed_cursor on feed (account_id, worker_id, version);
create index feed_removal on feed (account_id, version) where not visible;

-- The receipt of an operation: written with its effect, answered again to every repetition.
create table operation (
  account_id   uuid not null,
  device_id    uuid not null,
  seq          bigint not null,
  id           uuid not null,
  job_id       uuid,
  body         jsonb not null,               -- the operation as it came
  result       jsonb not null,               -- the result as it was answered
  received_at  timestamptz not null default now(),
  primary key (account_id, device_id, seq),
  foreign key (account_id, device_id) references device (account_id, id) on delete cascade
);
create index operation_id on operation (account_id, device_id, id);
create index operation_job on operation (account_id, job_id);
