-- The pusher's work on all accounts together, each step in one round trip. Owned by naryad_across.
-- Each works on a batch of rows and looks the rest up in indexes. Where statistics were older than a table's
-- growth, PostgreSQL read the whole of it instead: hence the settings.

-- RFC 9562 §5.7, for PostgreSQL before 18: 48 bits of milliseconds, then version, variant and chance.
create function uuid7() returns uuid language sql volatile set search_path = pg_catalog, pg_temp as $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
           placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
           from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- Plans of the next two functions are made once a connection, perhaps while little is in their tables, and
-- must not depend on how much was or is waiting. So they are written as looks into an index, one a row:
-- `offset 0` keeps each look what it is, and since the planner takes a limit that it does not know for a tenth
-- of the table, there is a second one: at most 200 at a time. An intent is found again by its key: a
-- writer that changed it between our snapshot and our lock has given it another place (ctid), and its deliveries
-- would be made, but not noted. A delivery is found by its place, because its key was looked up in an index of
-- the account's whole table where statistics were missing: with another place it is left for the next claim.

-- Due intents become one delivery for each phone on which their worker is signed in, on the channel that
-- the phone registered for. What cannot be sent is recorded, with the reason; a silent wake-up is not.
-- Each intent falls to one caller; without such a phone it is skipped, and says so.
create function expand_intents(p_limit integer, p_channels text[])
returns table (intents bigint, deliveries bigint)
language sql volatile security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  with due as (
    select one.*
    from (select i.account_id, i.id, i.worker_id, i.made_on
          from push_intent i
          where i.state = 'pending' and i.due_at <= now()
          order by i.due_at
          limit p_limit
          for update skip locked) one
    limit 200
  ), phones as (
    select i.account_id, i.id as intent_id, i.made_on, d.id as device_id, r.channel,
           case when p_channels <@ '{recording}' then 'no-provider'
                when r.channel is null then 'not-registered'
                when r.state = 'off' then 'push-off'
                when r.channel <> all (p_channels) then 'no-provider' end as only_recorded
    from due i
    cross join lateral (select d.account_id, d.id from device d
                        where d.account_id = i.account_id and d.worker_id = i.worker_id offset 0) d
    left join lateral (select r.channel, r.state from push_registration r
                       where r.account_id = d.account_id and r.device_id = d.id offset 0) r on true
    where exists (select from session s
                  where s.account_id = d.account_id and s.device_id = d.id and s.expires_at > now() offset 0)
      and (i.made_on is null or (d.id <> i.made_on and r.channel in ('apns', 'fcm')))
  ), made as (
    insert into push_delivery (account_id, id, intent_id, device_id, channel, only_recorded)
    select p.account_id, uuid7(), p.intent_id, p.device_id,
           case when p.only_recorded is null then p.channel else 'recording' end, p.only_recorded
    from phones p
    where p.made_on is null or p.only_recorded is null
    returning account_id, intent_id
  ), expanded as (
    update push_intent i
    set state = case when m.found then 'done' else 'skipped' end,
        detail = case when m.found then null else 'no-phone' end
    from due, lateral (select exists (select from made where made.account_id = due.account_id
                                      and made.intent_id = due.id) as found) m
    where i.account_id = due.account_id and i.id = due.id
    returning 1
  )
  select (select count(*) from expanded), (select count(*) from made)
$$;

-- Due deliveries of one channel, leased to the caller, with all that is needed to check and compose them.
create function claim_deliveries(p_channel text, p_limit integer, p_lease interval)
returns table (account_id uuid, id uuid, fence integer, attempts integer, told_at timestamptz, now timestamptz,
               version bigint, reason text, silent boolean, worker_id uuid, worker_active boolean,
               worker_zone text, account_zone text, push_text text, locale text, device_id uuid, platform text,
               signed_in boolean, synced_version bigint, token text, environment text, p256dh text, auth text,
               registered_at timestamptz, job_id uuid, number bigint, job_version bigint, fields jsonb,
               created_at timestamptz, updated_at timestamptz)
language sql volatile security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  with picked as (
    select one.place
    from (select d.ctid as place
          from push_delivery d
          where d.state = 'pending' and d.channel = p_channel and d.due_at <= now()
            and (d.leased_until is null or d.leased_until <= now())
          order by d.due_at
          limit p_limit
          for update skip locked) one
    limit 200
  ), taken as (
    update push_delivery d
    set leased_until = now() + p_lease, fence = d.fence + 1, attempts = d.attempts + 1
    from picked
    where d.ctid = picked.place
    returning d.account_id, d.id, d.fence, d.attempts, d.intent_id, d.device_id
  )
  select t.account_id, t.id, t.fence, t.attempts, i.created_at, now(),
         i.version, i.reason, i.made_on is not null, u.id, u.active, u.time_zone,
         a.time_zone, a.push_text, coalesce(v.locale, u.locale, a.locale), v.id, v.platform,
         exists (select from session s where s.account_id = t.account_id and s.device_id = t.device_id
                 and s.expires_at > now() offset 0),
         coalesce(h.synced_version, 0), r.token, r.environment, r.p256dh, r.auth, r.registered_at,
         i.job_id, j.number, j.version, j.fields, j.created_at, j.updated_at
  from taken t
  cross join lateral (select * from push_intent i
                      where i.account_id = t.account_id and i.id = t.intent_id offset 0) i
  cross join lateral (select * from account_user u
                      where u.account_id = t.account_id and u.id = i.worker_id offset 0) u
  cross join lateral (select * from account a where a.id = t.account_id offset 0) a
  cross join lateral (select * from device v
                      where v.account_id = t.account_id and v.id = t.device_id offset 0) v
  left join lateral (select * from device_health h
                     where h.account_id = t.account_id and h.device_id = t.device_id offset 0) h on true
  left join lateral (select * from push_registration r
                     where r.account_id = t.account_id and r.device_id = t.device_id
                       and r.channel = p_channel and r.state = 'on' offset 0) r on true
  left join lateral (select * from job j
                     where j.account_id = t.account_id and j.id = i.job_id offset 0) j on true
$$;

-- What became of claimed deliveries: [{account_id, id, fence, state, detail, payload, delay_s, gone}].
-- A claim that another one has overtaken changes nothing; the answer counts those that did.
-- `gone` {token, registered_at, retire} says under which registration the device is no longer reached. Has it
-- registered anew since, the message is sent again, there; else the registration is turned off, if so told.
create function settle_deliveries(p_settlements jsonb)
returns bigint
language sql volatile security definer set search_path = public, pg_temp
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  with told as (
    select s.*, g.token, g.registered_at, g.retire
    from jsonb_to_recordset(p_settlements) as s (account_id uuid, id uuid, fence integer, state text, detail text,
                                                 payload jsonb, delay_s double precision, gone jsonb),
         jsonb_to_record(s.gone) as g (token text, registered_at timestamptz, retire boolean)
  ), held as (  -- one look into the primary key for each, whatever the planner believes: `limit` keeps it so
    select s.*, o.place,
           s.token is not null and exists (
             select from push_registration r
             where r.account_id = s.account_id and r.device_id = o.device_id and r.channel = o.channel
               and r.state = 'on' and (r.token <> s.token or r.registered_at > s.registered_at)) as anew
    from told s
    cross join lateral (select d.ctid as place, d.device_id, d.channel, d.fence, d.state from push_delivery d
                        where d.account_id = s.account_id and d.id = s.id limit 1) o
    where o.fence = s.fence and o.state = 'pending'
  ), settled as (
    update push_delivery d
    set state = case when s.anew then 'pending' else s.state end,
        detail = s.detail, payload = coalesce(s.payload, d.payload), leased_until = null,
        due_at = now() + make_interval(secs => coalesce(s.delay_s, 0)),
        sent_at = case when s.state = 'sent' then now() end
    from held s  -- by its place: whoever gave it another one since has claimed it anew, and has a later fence
    where d.ctid = s.place and d.fence = s.fence and d.state || '' = 'pending'  -- not by push_delivery_due
    returning d.account_id, d.id, d.device_id, d.channel
  ), doomed as (
    select r.account_id, r.device_id, s.token, s.registered_at, s.detail
    from settled d
    join told s on s.account_id = d.account_id and s.id = d.id and s.retire
    join push_registration r on r.account_id = d.account_id and r.device_id = d.device_id
                             and r.channel = d.channel
    order by r.account_id, r.device_id
    for update of r
  ), retired as (
    update push_registration r
    set state = 'off', reason = doomed.detail, since = now()
    from doomed
    where r.account_id = doomed.account_id and r.device_id = doomed.device_id and r.state = 'on'
      and r.token = doomed.token and r.registered_at <= doomed.registered_at
  )
  select count(*) from settled
$$;

create index session_by_device on session (account_id, device_id) where device_id is not null;

alter function uuid7() owner to naryad_across;
alter function expand_intents(integer, text[]) owner to naryad_across;
alter function claim_deliveries(text, integer, interval) owner to naryad_across;
alter function settle_deliveries(jsonb) owner to naryad_across;

revoke execute on all functions in schema public from public;
grant execute on all functions in schema public to naryad_service;
