import { offline, outcome, ready, syncingLong, syncNow, trouble } from "./app";
import { problemWords, t } from "./i18n";
import { phone, signInNeeded, unsent, worker } from "./phone";
import { type Route, route } from "./router";
import { JobScreen } from "./screens/job";
import { JobsScreen } from "./screens/jobs";
import { ProfileScreen } from "./screens/profile";
import { SignInScreen } from "./screens/sign-in";
import { Icon } from "./ui/icon";
import { Link } from "./ui/link";
import { PullToSync } from "./ui/pull";
import { Update } from "./update";

/** The whole app: banner, screen, tabs. */
export function App() {
  if (!ready.value) return null;
  if (!worker.value) {
    return (
      <main class="screen">
        <SignInScreen />
      </main>
    );
  }
  return (
    <>
      <Banners />
      <PullToSync>
        <main class="screen">
          {signInNeeded.value && <SignInScreen again />}
          <Screen />
        </main>
      </PullToSync>
      <Tabs />
    </>
  );
}

function Screen() {
  const at = route.value;
  switch (at.screen) {
    case "jobs":
      return <JobsScreen />;
    case "job":
      return <JobScreen id={at.id} key={at.id} />;
    case "profile":
      return <ProfileScreen />;
    default:
      return at satisfies never;
  }
}

/** R18: says at the top that the app works offline; also what a sync that takes long, or was refused, means. */
function Banners() {
  const last = outcome.value;
  return (
    <div class="banners">
      <div role="status">
        {offline.value && (
          <p class="banner offline">
            <Icon name="offline" />
            <span>
              <strong>{t("offline.banner")}</strong> {t("offline.words")}
            </span>
          </p>
        )}
        {last?.end === "refused" && <p class="banner refused">{problemWords(last.error.problem)}</p>}
        {last?.end === "stuck" && !trouble.value && <p class="banner refused">{t("trouble.stuck")}</p>}
        {syncingLong.value && <p class="banner syncing">{t("sync.running")}</p>}
        <Update />
      </div>
      {trouble.value && (
        <p class="banner refused" role="alert">
          {t(`trouble.${trouble.value}`)}
        </p>
      )}
    </div>
  );
}

function Tabs() {
  return (
    <nav class="tabs" aria-label={t("tabs.label")}>
      <Tab
        to={{ screen: "jobs" }}
        here={route.value.screen !== "profile"}
        icon="list"
        name={t("tabs.jobs")}
        count={phone.value?.notices.length ?? 0}
      />
      <button type="button" class="sync" aria-label={t("sync.now")} onClick={() => void syncNow("manual")}>
        <Icon name="sync" />
      </button>
      <Tab
        to={{ screen: "profile" }}
        here={route.value.screen === "profile"}
        icon="person"
        name={t("tabs.profile")}
        count={unsent.value}
      />
    </nav>
  );
}

function Tab(props: { to: Route; here: boolean; icon: "list" | "person"; name: string; count?: number }) {
  return (
    <Link to={props.to} class="tab" current={props.here}>
      <Icon name={props.icon} />
      {props.name}
      {props.count ? (
        <span class="count" aria-hidden="true">
          {props.count}
        </span>
      ) : null}
    </Link>
  );
}
