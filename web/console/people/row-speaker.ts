import { computed } from "@preact/signals";
import { toInstant } from "../../shared/zone";
import { tongue } from "../i18n/tongue";
import type { Speaker } from "../jobs/say";
import { today, zone } from "../session/account";
import { templates, users } from "./directory";

/** As `speaker`, for rows, which tell days apart but not minutes: so a thousand of them stay as drawn all day. */
export const rowSpeaker = computed<Speaker>(() => {
  const held = users.value;
  const known = templates.value;
  const now = Date.parse(toInstant({ date: today.value, time: "12:00" }, zone.value));
  return {
    tongue,
    clock: { zone: zone.value, locale: tongue.locale, now },
    user: (id) => held.get(id),
    template: (id) => known.get(id),
  };
});
