-- What must see across accounts or take one round trip: each function is owned by naryad_across,
-- which has no login and no BYPASSRLS, and sees rows only by the policies made for it.

-- Whose is this token? No row when it is unknown, expired, or its user is switched off.
create function session_by_token(p_hash bytea)
returns table (account_id uuid, session_id uuid, user_id uuid, device_id uuid, role text, user_name text,
               transport text, expires_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select s.account_id, s.id, s.user_id, s.device_id, u.role, u.name, s.transport, s.expires_at
  from session s
  join account_user u on u.account_id = s.account_id and u.id = s.user_id
  where s.token_hash = p_hash and s.expires_at > now() and u.active
$$;

-- Sign-in: logins are unique in the installation, the account is found by them.
create function user_by_login(p_login text)
returns table (account_id uuid, user_id uuid, password_hash text, active boolean)
language sql stable security definer set search_path = public, pg_temp as $$
  select u.account_id, u.id, u.password_hash, u.active
  from account_user u
  where lower(u.login) = lower(p_login)
$$;

-- The request that comes every two minutes from every phone. A row means: this token's phone
-- has everything up to p_version. No row means: something is new, or something is wrong.
-- Written so that no statistics, stale or wrong, can make the plan anything but a look into each index:
-- joins and `version > p_version` were planned as scans of whole tables.
create function idle_poll(p_hash bytea, p_epoch text, p_worker bytea, p_version bigint)
returns table (account_id uuid, device_id uuid)
language plpgsql stable security definer set search_path = public, pg_temp set enable_seqscan = off as $$
begin
  return query
  select s.account_id, s.device_id
  from session s
  where s.token_hash = p_hash and s.expires_at > now() and s.device_id is not null
    and substring(uuid_send(s.user_id) from 13) = p_worker
    and (select u.active and u.removal_floor <= p_version
         from account_user u where u.account_id = s.account_id and u.id = s.user_id)
    and (select a.epoch = p_epoch and a.shared_version <= p_version from account a where a.id = s.account_id)
    and coalesce((select f.version from feed f where f.account_id = s.account_id and f.worker_id = s.user_id
                  order by f.version desc limit 1), 0) <= p_version
    and (p_version = 0 or (select c.version from change c where c.account_id = s.account_id
                           order by c.version desc limit 1) >= p_version);
end $$;

-- The position of every account that has live streams, in one statement.
create function heads(p_accounts uuid[])
returns table (account_id uuid, epoch text, version bigint)
language sql stable security definer set search_path = public, pg_temp as $$
  select h.account_id, a.epoch, h.version
  from account_head h
  join account a on a.id = h.account_id
  where h.account_id = any (p_accounts)
$$;

-- A stretch of one account's history, for live events.
create function changes_after(p_account uuid, p_after bigint, p_limit integer)
returns setof change
language sql stable security definer set search_path = public, pg_temp as $$
  select * from change c
  where c.account_id = p_account and c.version > p_after
  order by c.version
  limit p_limit
$$;

-- Of these sessions, those that still hold: a revoked one loses its stream.
create function sessions_alive(p_sessions uuid[])
returns table (session_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select s.id
  from session s
  join account_user u on u.account_id = s.account_id and u.id = s.user_id
  where s.id = any (p_sessions) and s.expires_at > now() and u.active
$$;

-- Every account of the installation, for the sweep.
create function all_accounts()
returns table (account_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select a.id from account a order by a.id
$$;

create unique index session_by_id on session (id);

alter function session_by_token(bytea) owner to naryad_across;
alter function user_by_login(text) owner to naryad_across;
alter function idle_poll(bytea, text, bytea, bigint) owner to naryad_across;
alter function heads(uuid[]) owner to naryad_across;
alter function changes_after(uuid, bigint, integer) owner to naryad_across;
alter function sessions_alive(uuid[]) owner to naryad_across;
alter function all_accounts() owner to naryad_across;

revoke execute on all functions in schema public from public;
grant execute on all functions in schema public to naryad_service;
