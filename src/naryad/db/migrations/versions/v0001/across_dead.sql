-- The messages that could not be sent, for `naryad push dead`. Owned by naryad_across.

-- Page by page, the oldest first; every p_… that is null admits all.
create function dead_deliveries(p_account uuid, p_channel text, p_ids uuid[], p_after_at timestamptz, p_after_id uuid,
                                p_limit integer)
returns table (account_id uuid, account_name text, id uuid, job_id uuid, job_number bigint, worker_name text,
               device_name text, channel text, reason text, detail text, attempts integer,
               created_at timestamptz, died_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select d.account_id, a.name, d.id, i.job_id, j.number, u.name, v.name, d.channel, i.reason, d.detail, d.attempts,
         d.created_at, d.due_at
  from push_delivery d
  join push_intent i on i.account_id = d.account_id and i.id = d.intent_id
  join account_user u on u.account_id = i.account_id and u.id = i.worker_id
  join account a on a.id = d.account_id
  join device v on v.account_id = d.account_id and v.id = d.device_id
  left join job j on j.account_id = i.account_id and j.id = i.job_id
  where d.state = 'dead'
    and (p_account is null or d.account_id = p_account)
    and (p_channel is null or d.channel = p_channel)
    and (p_ids is null or d.id = any (p_ids))
    and (p_after_at is null or (d.created_at, d.id) > (p_after_at, p_after_id))
  order by d.created_at, d.id
  limit p_limit
$$;

-- Dead messages are due again, where their phones are registered now, with their attempts counted anew.
-- Answers those for which there is such a place.
create function replay_deliveries(p_accounts uuid[], p_ids uuid[])
returns table (id uuid)
language sql volatile security definer set search_path = public, pg_temp as $$
  with dead as (
    select d.account_id, d.id, case when d.channel = 'recording' then d.channel else r.channel end as channel
    from unnest(p_accounts, p_ids) as asked (account_id, id)
    join push_delivery d on d.account_id = asked.account_id and d.id = asked.id
    left join push_registration r on r.account_id = d.account_id and r.device_id = d.device_id and r.state = 'on'
    where d.state = 'dead'
    order by d.account_id, d.id
    for update of d
  )
  update push_delivery d
  set state = 'pending', channel = dead.channel, detail = null, attempts = 0, due_at = now(), leased_until = null
  from dead
  where d.account_id = dead.account_id and d.id = dead.id and d.state = 'dead' and dead.channel is not null
  returning d.id
$$;

alter function dead_deliveries(uuid, text, uuid[], timestamptz, uuid, integer) owner to naryad_across;
alter function replay_deliveries(uuid[], uuid[]) owner to naryad_across;

revoke execute on all functions in schema public from public;
grant execute on all functions in schema public to naryad_service;
