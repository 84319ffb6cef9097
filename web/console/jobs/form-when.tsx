import { useState } from "preact/hooks";
import { toInstant, toWall, type Wall } from "../../shared/zone";
import { t } from "../i18n/tongue";
import { today, zone } from "../session/account";
import { Field } from "../ui/field";
import type { Binding } from "./form-binding";
import { MarkNote } from "./form-mark";

const FIRST_HOUR = "09:00";

/** Date, time and length, in the account's zone. A date without a time starts the working day. */
export function WhenField({ of: binding }: { of: Binding }) {
  const value = binding.value("scheduled_at");
  const wall: Wall | null = typeof value === "string" && value ? toWall(value, zone.value) : null;
  // what is being typed, while it is not yet a date or a time
  const [typing, setTyping] = useState<Partial<Wall>>({});

  function type(part: keyof Wall, text: string) {
    const complete = part === "date" ? /^[12]\d{3}-/.test(text) : text !== "";
    setTyping({ ...typing, [part]: complete ? undefined : text });
    if (!complete) return;
    const next = { date: wall?.date ?? today.value, time: wall?.time ?? FIRST_HOUR, [part]: text };
    binding.set("scheduled_at", toInstant(next, zone.value));
  }

  const minutes = binding.value("scheduled_duration");
  return (
    <fieldset class="when-fields">
      <legend class="aside">{t("form.when")}</legend>
      <Field label={t("fields.date")} error={binding.error("scheduled_at")}>
        {(wiring) => (
          <input
            {...wiring}
            type="date"
            value={typing.date ?? wall?.date ?? ""}
            onInput={(event) => type("date", event.currentTarget.value)}
            onBlur={() => setTyping({})}
          />
        )}
      </Field>
      <Field label={t("fields.time")}>
        {(wiring) => (
          <input
            {...wiring}
            type="time"
            value={typing.time ?? wall?.time ?? ""}
            onInput={(event) => type("time", event.currentTarget.value)}
            onBlur={() => setTyping({})}
          />
        )}
      </Field>
      <Field label={t("fields.minutes")} error={binding.error("scheduled_duration")}>
        {(wiring) => (
          <input
            {...wiring}
            type="number"
            min={0}
            max={44640}
            step={1}
            inputMode="numeric"
            value={typeof minutes === "number" ? minutes : ""}
            onInput={({ currentTarget: input }) => {
              if (!input.validity.badInput) {
                binding.set(
                  "scheduled_duration",
                  input.value === "" ? null : Math.round(input.valueAsNumber),
                );
              }
            }}
          />
        )}
      </Field>
      <p class="hint">
        {t("fields.zone", { zone: zone.value })}
        {wall && (
          <button type="button" class="button small quiet" onClick={() => binding.set("scheduled_at", null)}>
            {t("fields.clearDate")}
          </button>
        )}
      </p>
      <MarkNote of={binding} field="scheduled_at" />
      <MarkNote of={binding} field="scheduled_duration" />
    </fieldset>
  );
}
