import "../shared/styles/base.css";
import "./styles/frame.css";
import "./styles/jobs.css";
import "./styles/forms.css";
import "./styles/files.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { start } from "./app";
import { App } from "./frame";
import { language, t } from "./i18n";
import { shownJob } from "./phone";
import { route } from "./router";
import { keepUpToDate } from "./update";

effect(() => {
  document.documentElement.lang = language.value;
  document.title = `${pageTitle()} · Naryad`;
});

const root = document.getElementById("app");
if (root) render(<App />, root);
void start();
void keepUpToDate();

function pageTitle(): string {
  const at = route.value;
  if (at.screen === "profile") return t("profile.title");
  const job = at.screen === "job" ? shownJob(at.id)?.job : undefined;
  return job ? t("job.number", { number: String(job.number) }) : t("jobs.title");
}
