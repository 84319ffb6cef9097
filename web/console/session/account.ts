import { computed, signal } from "@preact/signals";
import { toWall } from "../../shared/zone";
import { tongue } from "../i18n/tongue";
import type { Clock } from "../time/words";
import { me } from "./session";

/** The account's zone: every time on the page is in it. */
export const zone = computed(() => {
  const who = me.value;
  return who === null || who === "starting" ? "UTC" : who.account.time_zone;
});

const now = signal(Date.now());
setInterval(() => {
  now.value = Date.now();
}, 30_000);

export const clock = computed<Clock>(() => ({ zone: zone.value, locale: tongue.locale, now: now.value }));

/** YYYY-MM-DD */
export const today = computed(() => toWall(now.value, zone.value).date);
