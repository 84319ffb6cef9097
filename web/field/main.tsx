import "../shared/styles/base.css";
import "./styles/frame.css";
import "./styles/jobs.css";
import "./styles/forms.css";
import { render } from "preact";
import { start } from "./app";
import { App } from "./frame";
import { language, t } from "./i18n";

document.documentElement.lang = language;
document.title = t("jobs.title");
const root = document.getElementById("app");
if (root) render(<App />, root);
void start();
void navigator.serviceWorker?.register("/app/sw.js", { scope: "/app/" });
