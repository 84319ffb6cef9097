-- naryad_service: what the services log in as, or become; owns nothing.
-- naryad_across: no login, no BYPASSRLS; owns the functions that see across accounts.
do $$
begin
  if not exists (select from pg_roles where rolname = 'naryad_service') then
    create role naryad_service nologin nosuperuser nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'naryad_across') then
    create role naryad_across nologin nosuperuser nobypassrls;
  end if;
  begin  -- the owner must be able to become naryad_across, to give functions to it
    set local role naryad_across;
    reset role;
  exception
    when insufficient_privilege then execute format('grant naryad_across to %I', current_user);
  end;
  begin
    set local role naryad_service;
    reset role;
  exception
    when insufficient_privilege then execute format('grant naryad_service to %I', current_user);
  end;
exception
  when insufficient_privilege then
    raise exception using
      message = 'the roles naryad_service and naryad_across are missing or not granted to ' || current_user,
      hint = 'As superuser run: CREATE ROLE naryad_service LOGIN; CREATE ROLE naryad_across NOLOGIN; '
             || 'GRANT naryad_service, naryad_across TO ' || quote_ident(current_user) || ';';
end $$;

grant usage on schema public to naryad_service;
grant usage, create on schema public to naryad_across;
