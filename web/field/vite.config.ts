import { appConfig } from "../vite.shared.ts";

export default appConfig({ root: import.meta.dirname, base: "/app/", name: "field" });
