-- Bytes that the account has, by their hash. They lie in the object store.
create table content (
  account_id  uuid not null references account (id) on delete cascade,
  sha256      text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  size        bigint not null,
  generation  uuid not null,                 -- part of the objects' names: a new copy never shares one with an old
  created_at  timestamptz not null default now(),
  primary key (account_id, sha256)
);

-- An index of the photos and attachments in `job.fields`, written with the job: id → job, content → ids.
create table file (
  account_id  uuid not null,
  id          uuid not null,
  job_id      uuid not null,
  kind        text not null check (kind in ('photo', 'attachment')),
  sha256      text not null,
  name        text,
  media_type  text not null,
  primary key (account_id, id),
  foreign key (account_id, job_id) references job (account_id, id) on delete cascade
);
create index file_content on file (account_id, sha256);
create index file_job on file (account_id, job_id);

-- A file on its way here (tus). It may be for a photo whose operation has not arrived yet.
create table upload (
  account_id   uuid not null,
  id           uuid not null,
  user_id      uuid not null,
  kind         text not null check (kind in ('photo', 'attachment')),
  file_id      uuid not null,
  job_id       uuid not null,
  sha256       text not null,
  name         text,
  media_type   text,
  metadata     text not null,                -- as it was sent, for HEAD
  length       bigint not null,
  received     bigint not null default 0,    -- the parts' sizes, added
  stored       boolean not null default false, -- proved, and a content
  writer       uuid,                         -- the request that is sending it
  writer_seen  timestamptz,                  -- when bytes of it last came
  created_at   timestamptz not null default now(),
  expires_at   timestamptz not null,
  primary key (account_id, id),
  foreign key (account_id, user_id) references account_user (account_id, id) on delete cascade
);
create index upload_open on upload (account_id, user_id) where not stored;
create index upload_content on upload (account_id, sha256);
create index upload_expiry on upload (account_id, expires_at);

create table upload_part (
  account_id  uuid not null,
  upload_id   uuid not null,
  position    bigint not null,               -- of its first byte in the upload
  size        bigint not null,
  name        uuid not null,                 -- of its object
  primary key (account_id, upload_id, position),
  foreign key (account_id, upload_id) references upload (account_id, id) on delete cascade
);
create index upload_part_name on upload_part (account_id, name);
