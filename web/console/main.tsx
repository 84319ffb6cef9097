import "../shared/styles/base.css";
import { render } from "preact";

const root = document.getElementById("app");
if (root) render(<h1>Naryad</h1>, root);
