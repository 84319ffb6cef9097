-- Row level security on every table, scoped by app.account_id, which each transaction sets for itself.
-- After a transaction the setting is '', hence nullif.
do $$
declare
  name text;
begin
  foreach name in array array['account_head', 'account_user', 'device', 'device_health', 'session', 'template', 'job',
      'assignment', 'change', 'idempotency_key', 'feed', 'operation', 'conflict', 'push_registration',
      'push_intent', 'push_delivery', 'content', 'file', 'upload', 'upload_part'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format($policy$create policy own_account on %I
      using (account_id = (select nullif(current_setting('app.account_id', true), '')::uuid))
      with check (account_id = (select nullif(current_setting('app.account_id', true), '')::uuid))$policy$, name);
    execute format('create policy across on %I to naryad_across using (true) with check (true)', name);
    execute format('grant select, insert, update, delete on %I to naryad_service', name);
    execute format('grant select, insert, update, delete on %I to naryad_across', name);
  end loop;
end $$;

alter table account enable row level security;
alter table account force row level security;
create policy own_account on account
  using (id = (select nullif(current_setting('app.account_id', true), '')::uuid))
  with check (id = (select nullif(current_setting('app.account_id', true), '')::uuid));
create policy across on account to naryad_across using (true) with check (true);
grant select, insert, update, delete on account to naryad_service, naryad_across;

revoke update, delete on change from naryad_service;  -- history is written once
grant select on alembic_version to naryad_service;
