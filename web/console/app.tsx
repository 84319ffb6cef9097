import { useEffect } from "preact/hooks";
import { followConflicts } from "./conflicts/conflicts";
import { ConflictsPanel } from "./conflicts/panel";
import { warnWhileSending } from "./files/sending";
import { t } from "./i18n/tongue";
import { JobsPage } from "./jobs/jobs-page";
import { followPushes } from "./jobs/opened";
import { goLive } from "./live/connection";
import { loadTemplates, loadUsers } from "./people/directory";
import { PhonesPage } from "./phones/phones-page";
import { followHistory, route } from "./route";
import { isSignedIn, me, resume } from "./session/session";
import { SignInAgain, SignInPage } from "./session/sign-in";
import { SetupPage } from "./setup/setup-page";
import { TopBar } from "./top-bar";
import { Questions } from "./ui/ask";

const PAUSE_MS = 2000;

export function App() {
  useEffect(() => {
    void start();
  }, []);
  if (me.value === "starting") return <p class="starting">{t("common.loading")}</p>;
  return isSignedIn() ? <Console /> : <SignInPage />;
}

/** Ask who we are until the server says. */
async function start(): Promise<void> {
  followHistory();
  for (;;) {
    try {
      await resume();
      return;
    } catch (error) {
      console.warn("the server cannot be asked", error);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

function Console() {
  useEffect(() => {
    void insist(loadUsers);
    void insist(loadTemplates);
    void goLive();
    followPushes();
    followConflicts();
    warnWhileSending();
  }, []);
  return (
    <>
      <a class="skip" href="#main">
        {t("nav.skip")}
      </a>
      <TopBar />
      <ConflictsPanel />
      <Page />
      <Questions />
      <SignInAgain />
    </>
  );
}

function Page() {
  const at = route.value;
  switch (at.page) {
    case "jobs":
      return <JobsPage />;
    case "phones":
      return <PhonesPage />;
    case "setup":
      return <SetupPage part={at.part} />;
  }
}

/** Without names the page is of no use: ask until they come. */
async function insist(load: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await load();
      return;
    } catch (error) {
      console.warn("names could not be loaded", error);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
