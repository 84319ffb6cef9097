create table template (
  account_id   uuid not null references account (id) on delete cascade,
  id           uuid not null,
  name         text not null,
  version      bigint not null,
  fields       jsonb not null,
  resolutions  jsonb not null,
  primary key (account_id, id)
);
create index template_version on template (account_id, version);

-- `fields` is the job, by merge name; the columns beside it repeat what queries search by.
create table job (
  account_id      uuid not null references account (id) on delete cascade,
  id              uuid not null,
  number          bigint not null,
  version         bigint not null,
  fields          jsonb not null,
  field_versions  jsonb not null,            -- {merge name: version of its latest change}
  state           text not null check (state in
                    ('posted', 'scheduled', 'published', 'en_route', 'started', 'suspended', 'finished', 'canceled')),
  scheduled_at    timestamptz,
  external_id     text,
  template_id     uuid,
  search          text not null,             -- lower case: number, client, address, contacts
  closed_at       timestamptz,               -- finished or canceled since, and still on phones
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  primary key (account_id, id),
  unique (account_id, number),
  foreign key (account_id, template_id) references template (account_id, id)
);
create unique index job_external on job (account_id, external_id) where external_id is not null;
create index job_state on job (account_id, state, scheduled_at);
create index job_schedule on job (account_id, scheduled_at);
create index job_closed on job (account_id, closed_at) where closed_at is not null;

create table assignment (
  account_id  uuid not null,
  job_id      uuid not null,
  worker_id   uuid not null,
  can_edit    boolean not null,
  primary key (account_id, job_id, worker_id),
  foreign key (account_id, job_id) references job (account_id, id) on delete cascade,
  foreign key (account_id, worker_id) references account_user (account_id, id)
);
create index assignment_worker on assignment (account_id, worker_id);

-- The account's history: gapless versions in commit order. Rows outlive the jobs they speak of.
create table change (
  account_id   uuid not null references account (id) on delete cascade,
  version      bigint not null,
  kind         text not null,
  job_id       uuid,
  fields       jsonb not null,               -- {merge name: {old, new, lost?}}
  actor        jsonb not null,               -- {kind, id, name}
  device_id    uuid,
  late         boolean not null default false,
  happened_at  timestamptz not null,
  recorded_at  timestamptz not null,
  summary      jsonb,                        -- of the job as it was then, for live events
  seen_by      uuid[] not null default '{}', -- workers who hold the job after this change
  gone_for     uuid[] not null default '{}', -- workers who lose it by this change
  primary key (account_id, version)
);
create index change_job on change (account_id, job_id, version);
create index change_recorded on change (account_id, recorded_at);

-- A repeated POST /v1/jobs with the same key finds its first answer.
create table idempotency_key (
  account_id    uuid not null references account (id) on delete cascade,
  actor_id      uuid not null,
  key           text not null,
  request_hash  bytea not null,
  job_id        uuid not null,
  created_at    timestamptz not null default now(),
  primary key (account_id, actor_id, key)
);
