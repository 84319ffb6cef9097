import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { defineConfig, type UserConfig } from "vite";
import { BUILT, VERSION } from "../vite.shared.ts";

const out = resolve(BUILT, "field");

/** Every file of the app as built before, by its path under `/app/`. */
function shell(): { files: string[]; build: string } {
  const names = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "sw.js")
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash("sha256");
  for (const name of names) hash.update(relative(out, name)).update(readFileSync(name));
  return {
    files: names.map((name) => `/app/${relative(out, name)}`),
    build: hash.digest("hex").slice(0, 12),
  };
}

/** The service worker: one self-contained file beside the app, built after it. */
export default defineConfig((): UserConfig => {
  const { files, build } = shell();
  return {
    root: import.meta.dirname,
    publicDir: false,
    define: { ...VERSION, __SHELL__: JSON.stringify(files), __BUILD__: JSON.stringify(build) },
    build: {
      outDir: out,
      emptyOutDir: false,
      target: "es2022",
      lib: {
        entry: resolve(import.meta.dirname, "sw.ts"),
        formats: ["iife"],
        name: "sw",
        fileName: () => "sw.js",
      },
    },
  };
});
