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

revoke execute on all functions in schema public from public;
grant execute on all functions in schema public to naryad_service;
