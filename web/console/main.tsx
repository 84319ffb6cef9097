import "./styles/console.css";
import { render } from "preact";
import { App } from "./app";
import { tongue } from "./i18n/tongue";

document.documentElement.lang = tongue.language;
document.title = tongue.t("product");

const root = document.getElementById("app");
if (root) render(<App />, root);
