-- A device says where it is reached. A token has one owner in the whole installation: it leaves whoever
-- had it, of whatever account. Owned by naryad_across.
create function register_push(p_account uuid, p_device uuid, p_channel text, p_token text, p_environment text,
                              p_p256dh text, p_auth text)
returns void
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
  moment timestamptz;
begin
  -- Those who register the same token queue here; rows are then locked in one order, so that nobody
  -- who holds a row waits for this lock, or for a row before it.
  perform pg_advisory_xact_lock(hashtextextended(p_channel || ' ' || p_token, 0));
  perform from push_registration r
  where (r.account_id = p_account and r.device_id = p_device)
     or (r.channel = p_channel and r.token = p_token and r.state = 'on')
  order by r.account_id, r.device_id
  for update;

  moment := clock_timestamp();
  update push_registration r set state = 'off', reason = 'moved', since = moment
  where r.channel = p_channel and r.token = p_token and r.state = 'on'
    and (r.account_id, r.device_id) <> (p_account, p_device);

  insert into push_registration as r
    (account_id, device_id, channel, token, environment, p256dh, auth, since, registered_at)
  values (p_account, p_device, p_channel, p_token, p_environment, p_p256dh, p_auth, moment, moment)
  on conflict (account_id, device_id) do update set
    channel = excluded.channel, token = excluded.token, environment = excluded.environment,
    p256dh = excluded.p256dh, auth = excluded.auth, state = 'on', reason = null,
    since = case when r.state = 'on' and r.channel = excluded.channel then r.since else moment end,
    registered_at = moment;
end $$;

alter function register_push(uuid, uuid, text, text, text, text, text) owner to naryad_across;

-- How phones of these accounts are of whom something was stored since then: what they told of themselves,
-- or that pushes to them were switched on or off. And when the latest of it was stored.
create function device_news(p_accounts uuid[], p_since timestamptz)
returns table (account_id uuid, id uuid, worker_id uuid, name text, platform text, app_version text, locale text,
               time_zone text, last_seq bigint, last_contact_at timestamptz, network text,
               unsent_operations integer, unsent_files integer, unsent_bytes bigint,
               channel text, state text, reason text, since timestamptz, stored_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  with fresh as (
    select h.account_id, h.device_id from device_health h
    where h.account_id = any (p_accounts) and h.stored_at > p_since
    union
    select r.account_id, r.device_id from push_registration r
    where r.account_id = any (p_accounts) and r.since > p_since
  )
  select d.account_id, d.id, d.worker_id, d.name, d.platform, d.app_version, d.locale, d.time_zone, d.last_seq,
         h.last_contact_at, h.network, h.unsent_operations, h.unsent_files, h.unsent_bytes,
         r.channel, r.state, r.reason, r.since, greatest(h.stored_at, r.since) as stored_at
  from fresh
  join device d on d.account_id = fresh.account_id and d.id = fresh.device_id
  left join device_health h on h.account_id = d.account_id and h.device_id = d.id
  left join push_registration r on r.account_id = d.account_id and r.device_id = d.id
  order by stored_at
$$;
alter function device_news(uuid[], timestamptz) owner to naryad_across;

revoke execute on all functions in schema public from public;
grant execute on all functions in schema public to naryad_service;
