-- The installation's key pair of Web Push (RFC 8292). Subscriptions are made for it: there is one, for good.
-- Nobody reads the table: the two functions are the way to it.
create table vapid_key (
  id           boolean primary key default true check (id),      -- one row at most
  private_key  bytea not null check (length(private_key) = 32),  -- the scalar, big-endian
  public_key   bytea not null check (length(public_key) = 65),   -- the point, uncompressed
  made_at      timestamptz not null default now()
);
alter table vapid_key enable row level security;
alter table vapid_key force row level security;
create policy across on vapid_key to naryad_across using (true) with check (true);
grant select, insert on vapid_key to naryad_across;

create function the_vapid_key()
returns table (private_key bytea, public_key bytea, made_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select k.private_key, k.public_key, k.made_at from vapid_key k
$$;

-- The first to come is kept; whoever comes later, or at the same time, gets that one.
create function keep_vapid_key(p_private_key bytea, p_public_key bytea)
returns table (private_key bytea, public_key bytea, made_at timestamptz)
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
  insert into vapid_key (private_key, public_key) values (p_private_key, p_public_key)
  on conflict on constraint vapid_key_pkey do nothing;
  return query select k.private_key, k.public_key, k.made_at from vapid_key k;
end $$;

alter function the_vapid_key() owner to naryad_across;
alter function keep_vapid_key(bytea, bytea) owner to naryad_across;
revoke execute on function the_vapid_key(), keep_vapid_key(bytea, bytea) from public;
grant execute on function the_vapid_key(), keep_vapid_key(bytea, bytea) to naryad_service;
