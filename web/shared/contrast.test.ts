import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { JOB_STATES } from "./types";

const css = readFileSync(new URL("./styles/tokens.css", import.meta.url), "utf8");
const [light = "", dark = ""] = css.split("@media (prefers-color-scheme: dark)");
const themes = { light: tokens(light), dark: new Map([...tokens(light), ...tokens(dark)]) };

const WORDS = 4.5; // WCAG 1.4.3
const MARKS = 3; // WCAG 1.4.11

const pairs: [string, string, number][] = [
  ...["ground", "surface", "surface-sunk"].flatMap((ground): [string, string, number][] => [
    ["ink", ground, WORDS],
    ["ink-soft", ground, WORDS],
    ["accent", ground, WORDS],
    ["line-strong", ground, MARKS],
    ["focus", ground, MARKS],
  ]),
  ["on-accent", "accent", WORDS],
  ["on-accent", "accent-strong", WORDS],
  ["accent", "accent-tint", WORDS],
  ["ink", "accent-tint", WORDS],
  ...["danger", "warning", "success"].flatMap((tone): [string, string, number][] => [
    [tone, "surface", WORDS],
    [tone, `${tone}-tint`, WORDS],
    ["ink", `${tone}-tint`, WORDS],
  ]),
  ...JOB_STATES.flatMap((state): [string, string, number][] => [
    [`state-${state}-ink`, `state-${state}-tint`, WORDS],
    [`state-${state}-ink`, "surface", WORDS],
    [`state-${state}-mark`, "surface", MARKS],
  ]),
];

for (const [theme, colours] of Object.entries(themes)) {
  test.each(pairs)(`${theme}: %s on %s is readable`, (ink, ground, least) => {
    expect(contrast(colour(colours, ink), colour(colours, ground))).toBeGreaterThanOrEqual(least);
  });
}

function tokens(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = "", value = ""]) => [name, value]),
  );
}

function colour(colours: Map<string, string>, name: string): string {
  const value = colours.get(name);
  if (!value) throw new Error(`no token --${name}`);
  return value;
}

/** WCAG 2.2, contrast ratio. */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
