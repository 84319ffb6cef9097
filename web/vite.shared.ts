import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vite";

/** Where the API package looks for the built apps; packed into the wheel. */
export const BUILT = resolve(import.meta.dirname, "../services/api/naryad_api/web");

const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, "package.json"), "utf8"));

/** What the apps tell the server of themselves. */
export const VERSION = { __APP_VERSION__: JSON.stringify(version) };

/** One web app: its own page, hashed file names, nothing inline, so that `default-src 'self'` holds. */
export function appConfig(app: { root: string; base: string; name: "console" | "field" }) {
  return defineConfig({
    root: app.root,
    base: app.base,
    publicDir: resolve(app.root, "public"),
    define: VERSION,
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir: resolve(BUILT, app.name),
      emptyOutDir: true,
      target: "es2022",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: true,
    },
  });
}
