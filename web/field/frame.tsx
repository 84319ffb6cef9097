import type { ComponentChildren } from "preact";
import { offline, outcome, ready, signInNeeded, syncingLong, syncNow, worker } from "./app";
import { t } from "./i18n";
import { go, pathOf, type Route, route } from "./router";
import { JobScreen } from "./screens/job";
import { JobsScreen } from "./screens/jobs";
import { ProfileScreen } from "./screens/profile";
import { SignInScreen } from "./screens/sign-in";
import { Notices } from "./ui/notices";
import { PullToSync } from "./ui/pull";

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
      <Banner />
      <PullToSync>
        <main class="screen">
          {signInNeeded.value && <SignInScreen again />}
          <Notices />
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
function Banner() {
  const last = outcome.value;
  return (
    <div class="banners" role="status">
      {offline.value && (
        <p class="banner offline">
          <strong>{t("offline.banner")}</strong> <span>{t("offline.words")}</span>
        </p>
      )}
      {last?.end === "refused" && (
        <p class="banner refused">{t("sync.refused", { detail: last.error.message })}</p>
      )}
      {syncingLong.value && <p class="banner syncing">{t("sync.running")}</p>}
    </div>
  );
}

function Tabs() {
  return (
    <nav class="tabs" aria-label={t("tabs.label")}>
      <Tab to={{ screen: "jobs" }} here={route.value.screen !== "profile"}>
        {t("tabs.jobs")}
      </Tab>
      <button type="button" class="sync" aria-label={t("sync.now")} onClick={() => void syncNow("manual")}>
        <span aria-hidden="true">⟳</span>
      </button>
      <Tab to={{ screen: "profile" }} here={route.value.screen === "profile"}>
        {t("tabs.profile")}
      </Tab>
    </nav>
  );
}

function Tab({ to, here, children }: { to: Route; here: boolean; children: ComponentChildren }) {
  return (
    <Link to={to} class="tab" current={here}>
      {children}
    </Link>
  );
}

/** A link inside the app: a real address, no reload. */
export function Link(props: { to: Route; class?: string; current?: boolean; children: ComponentChildren }) {
  return (
    <a
      href={pathOf(props.to)}
      class={props.class}
      aria-current={props.current ? "page" : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.button !== 0) return;
        event.preventDefault();
        go(props.to);
      }}
    >
      {props.children}
    </a>
  );
}
