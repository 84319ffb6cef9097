import { ConflictsCounter } from "./conflicts/counter";
import { t } from "./i18n/tongue";
import { connection } from "./live/connection";
import { leaving, route } from "./route";
import { clock, zone } from "./session/account";
import { signOut, whoever } from "./session/session";
import { hourMinute, stamp } from "./time/words";
import { Link } from "./ui/link";

export function TopBar() {
  const { page } = route.value;
  const { user, account } = whoever();
  return (
    <header class="top-bar">
      <span class="brand">
        <span class="mark" aria-hidden="true" />
        {t("product")}
      </span>
      <nav aria-label={t("nav.main")}>
        <Link to="/" aria-current={page === "jobs" ? "page" : undefined}>
          {t("nav.jobs")}
        </Link>
        <Link to="/phones" aria-current={page === "phones" ? "page" : undefined}>
          {t("nav.phones")}
        </Link>
        <Link to="/setup" aria-current={page === "setup" ? "page" : undefined}>
          {t("nav.setup")}
        </Link>
      </nav>
      <ConnectionState />
      <ConflictsCounter />
      <span class="whose">
        <span class="account" title={t("fields.zone", { zone: zone.value })}>
          {account.name} · {hourMinute(clock.value.now, clock.value)}
        </span>
        <span class="user">{user.name}</span>
      </span>
      <button type="button" class="button quiet" onClick={leave}>
        {t("session.signOut")}
      </button>
    </header>
  );
}

/** What is true of the page right now; announced when it changes. */
function ConnectionState() {
  const now = connection.value;
  const words = {
    live: () => t("live.live"),
    "catching-up": () => t("live.catchingUp"),
    disconnected: () =>
      t("live.disconnected", { since: now.is === "disconnected" ? stamp(now.since, clock.value) : "" }),
  };
  const hints = {
    live: t("live.liveHint"),
    "catching-up": t("live.catchingUpHint"),
    disconnected: t("live.disconnectedHint"),
  };
  return (
    <span role="status" class={`connection ${now.is}`} title={hints[now.is]}>
      <span class="dot" aria-hidden="true" />
      {words[now.is]()}
    </span>
  );
}

async function leave() {
  if (leaving.ask && !(await leaving.ask())) return;
  leaving.ask = null;
  await signOut();
}
