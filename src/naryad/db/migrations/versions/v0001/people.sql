-- A company. Its row is the lock of its history: SELECT … FOR NO KEY UPDATE.
create table account (
  id              uuid primary key,
  name            text not null,
  time_zone       text not null,
  locale          text not null default 'ru',
  epoch           text not null,             -- names this life of the history; new after a restore
  restored        bigint[] not null default '{}', -- the versions at which restored backups ended
  policy          jsonb not null,
  shared_version  bigint not null default 0, -- of the latest change to the policy or a template
  push_text       text not null default 'minimal' check (push_text in ('minimal', 'address', 'full')),
  file_max_bytes  bigint,                    -- null: what the installation allows
  quota_bytes     bigint,
  created_at      timestamptz not null default now()
);

-- The moving numbers, in a row of their own: the idle poll reads account, never this.
create table account_head (
  account_id    uuid primary key references account (id) on delete cascade,
  version       bigint not null default 0,
  job_number    bigint not null default 0,
  stored_bytes  bigint not null default 0     -- the sizes of its contents, added
) with (fillfactor = 50);

create table account_user (
  account_id     uuid not null references account (id) on delete cascade,
  id             uuid not null,
  login          text not null,
  name           text not null,
  role           text not null check (role in ('admin', 'dispatcher', 'worker')),
  time_zone      text,
  locale         text,
  active         boolean not null default true,
  password_hash  text not null,
  removal_floor  bigint not null default 0,  -- the greatest removal swept from this worker's feed
  created_at     timestamptz not null default now(),
  primary key (account_id, id)
);
create unique index account_user_login on account_user (lower(login));  -- unique in the installation

create table device (
  account_id   uuid not null,
  id           uuid not null,
  worker_id    uuid not null,
  name         text not null,
  platform     text not null check (platform in ('ios', 'android', 'web', 'other')),
  app_version  text,
  locale       text,
  time_zone    text,
  last_seq     bigint not null default 0,    -- the last operation of this device that is acknowledged
  created_at   timestamptz not null default now(),
  primary key (account_id, id),
  foreign key (account_id, worker_id) references account_user (account_id, id) on delete cascade
);
create index device_worker on device (account_id, worker_id);

-- Health as phones report it, written in batches; apart from device, which the sync reads.
create table device_health (
  account_id         uuid not null,
  device_id          uuid not null,
  last_contact_at    timestamptz not null,
  network            text,
  unsent_operations  integer,
  unsent_files       integer,
  unsent_bytes       bigint,
  synced_version     bigint not null default 0,  -- by a cursor it sent: proof that it holds everything up to there
  synced_epoch       text,                       -- and of this life of the history
  stored_at          timestamptz not null default now(),  -- the gateway tells the desk what is newer
  primary key (account_id, device_id),
  foreign key (account_id, device_id) references device (account_id, id) on delete cascade
) with (fillfactor = 50);
create index device_health_stored on device_health (account_id, stored_at);

create table session (
  account_id  uuid not null,
  id          uuid not null,
  user_id     uuid not null,
  device_id   uuid,
  token_hash  bytea not null,                -- SHA-256; the token itself is kept nowhere
  transport   text not null check (transport in ('cookie', 'bearer')),
  created_at  timestamptz not null default now(),
  expires_at  timestamptz not null,
  primary key (account_id, id),
  foreign key (account_id, user_id) references account_user (account_id, id) on delete cascade,
  foreign key (account_id, device_id) references device (account_id, id) on delete cascade
);
create unique index session_by_token_hash on session (token_hash);
create index session_by_user on session (account_id, user_id);
create index session_by_expiry on session (account_id, expires_at);
