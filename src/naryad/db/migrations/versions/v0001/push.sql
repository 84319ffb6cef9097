-- Where a device is reached: one registration a device, and one owner a token in the whole installation.
create table push_registration (
  account_id     uuid not null,
  device_id      uuid not null,
  channel        text not null check (channel in ('apns', 'fcm', 'webpush')),
  token          text not null,              -- of Web Push the endpoint
  environment    text check (environment in ('production', 'sandbox')),
  p256dh         text,
  auth           text,
  state          text not null default 'on' check (state in ('on', 'off')),
  reason         text,                       -- why it is off: 'moved', or a provider's words
  since          timestamptz not null,       -- of the state
  registered_at  timestamptz not null,       -- the latest time that the device said so
  primary key (account_id, device_id),
  foreign key (account_id, device_id) references device (account_id, id) on delete cascade,
  check ((channel = 'apns') = (environment is not null)),
  check ((channel = 'webpush') = (p256dh is not null and auth is not null))
);
create index push_registration_since on push_registration (account_id, since);
create unique index push_registration_token on push_registration (channel, token) where state = 'on';

-- What to tell a worker of a job, written with the change that is the reason.
-- While it is pending, further changes of the job join it.
create table push_intent (
  account_id  uuid not null,
  id          uuid not null,
  worker_id   uuid not null,
  job_id      uuid not null,
  version     bigint not null,
  reason      text not null check (reason in ('assigned', 'changed', 'state')),
  made_on     uuid,                          -- the worker's own change, on this device: the others wake silently
  state       text not null default 'pending' check (state in ('pending', 'done', 'skipped')),
  detail      text,
  created_at  timestamptz not null,
  due_at      timestamptz not null,
  primary key (account_id, id),
  foreign key (account_id, worker_id) references account_user (account_id, id) on delete cascade
);
create unique index push_intent_open on push_intent (account_id, worker_id, job_id, made_on)
  nulls not distinct where state = 'pending';
create index push_intent_due on push_intent (due_at) where state = 'pending';
create index push_intent_job on push_intent (account_id, job_id, worker_id, due_at);

-- One message to one device; its id is the notification_id, constant across retries.
create table push_delivery (
  account_id     uuid not null,
  id             uuid not null,
  intent_id      uuid not null,
  device_id      uuid not null,
  channel        text not null check (channel in ('apns', 'fcm', 'webpush', 'recording')),
  only_recorded  text check (only_recorded in ('no-provider', 'not-registered', 'push-off')),  -- why
  state          text not null default 'pending' check (state in ('pending', 'sent', 'dead', 'skipped')),
  detail         text,                       -- a Skip, or a provider's words
  payload        jsonb,                      -- what was sent
  attempts       integer not null default 0,
  created_at     timestamptz not null default now(),
  due_at         timestamptz not null default now(),
  leased_until   timestamptz,                -- until then one pusher has it
  fence          integer not null default 0, -- which claim it was: a late settlement of an earlier one is ignored
  sent_at        timestamptz,
  primary key (account_id, id),
  unique (account_id, intent_id, device_id),
  foreign key (account_id, intent_id) references push_intent (account_id, id) on delete cascade,
  foreign key (account_id, device_id) references device (account_id, id) on delete cascade
);
create index push_delivery_due on push_delivery (channel, due_at) where state = 'pending';
create index push_delivery_dead on push_delivery (created_at, id) where state = 'dead';
