import { useState } from "preact/hooks";
import type { Template } from "../../shared/types";
import { t } from "../i18n/tongue";
import { keepTemplate } from "../people/directory";
import { request } from "../session/session";
import { Alert } from "../ui/alert";
import { Field } from "../ui/field";
import { Icon } from "../ui/icons";
import { errorAt, type Trouble, troubleOf } from "../ui/problem";
import {
  BLANK_FIELD,
  blankTemplate,
  type FieldDraft,
  type ResolutionDraft,
  templateBody,
} from "./template-draft";
import { FieldRow } from "./template-field-row";

const START: ResolutionDraft[] = [
  { name: t("setup.done"), successful: true },
  { name: t("setup.notDone"), successful: false },
];

export function NewTemplate() {
  const [draft, setDraft] = useState(() => blankTemplate(START));
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [done, setDone] = useState("");
  const [busy, setBusy] = useState(false);

  function setField(index: number, field: FieldDraft | null) {
    setDraft({ ...draft, fields: replaced(draft.fields, index, field) });
  }

  function setResolution(index: number, resolution: ResolutionDraft | null) {
    setDraft({ ...draft, resolutions: replaced(draft.resolutions, index, resolution) });
  }

  async function create(event: Event) {
    event.preventDefault();
    setBusy(true);
    setTrouble(null);
    setDone("");
    try {
      const made = await request<Template>("POST", "/v1/templates", { body: templateBody(draft) });
      keepTemplate(made);
      setDraft(blankTemplate(START));
      setDone(t("setup.created", { name: made.name }));
    } catch (error) {
      setTrouble(troubleOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form onSubmit={create} aria-label={t("setup.newTemplate")}>
      <Field label={t("setup.templateName")} error={errorAt(trouble, "name")}>
        {(wiring) => (
          <input
            {...wiring}
            required
            value={draft.name}
            onInput={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          />
        )}
      </Field>
      <h3>{t("setup.fields")}</h3>
      {draft.fields.map((field, index) => (
        <FieldRow
          key={index}
          field={field}
          place={index}
          trouble={trouble}
          onChange={(next) => setField(index, next)}
        />
      ))}
      <button
        type="button"
        class="button small"
        onClick={() => setDraft({ ...draft, fields: [...draft.fields, BLANK_FIELD] })}
      >
        <Icon name="plus" />
        {t("setup.addField")}
      </button>
      <h3>{t("setup.resolutions")}</h3>
      {draft.resolutions.map((resolution, index) => (
        <fieldset key={index} class="line">
          <legend class="aside">{t("setup.resolution", { n: index + 1 })}</legend>
          <Field label={t("setup.resolutionName")} error={errorAt(trouble, `resolutions.${index}`)}>
            {(wiring) => (
              <input
                {...wiring}
                required
                value={resolution.name}
                onInput={(event) => setResolution(index, { ...resolution, name: event.currentTarget.value })}
              />
            )}
          </Field>
          <label class="check">
            <input
              type="checkbox"
              checked={resolution.successful}
              onChange={(event) =>
                setResolution(index, { ...resolution, successful: event.currentTarget.checked })
              }
            />
            {t("setup.successful")}
          </label>
          <button
            type="button"
            class="button icon-only quiet"
            aria-label={t("fields.remove", {
              what: resolution.name || t("setup.resolution", { n: index + 1 }),
            })}
            onClick={() => setResolution(index, null)}
          >
            <Icon name="close" />
          </button>
        </fieldset>
      ))}
      <button
        type="button"
        class="button small"
        onClick={() =>
          setDraft({ ...draft, resolutions: [...draft.resolutions, { name: "", successful: true }] })
        }
      >
        <Icon name="plus" />
        {t("setup.addResolution")}
      </button>
      <Alert trouble={trouble} />
      <div role="status" class={done ? "notice good" : ""}>
        {done}
      </div>
      <div class="buttons end">
        <button type="submit" class="button primary" disabled={busy}>
          {t("setup.create")}
        </button>
      </div>
    </form>
  );
}

function replaced<T>(list: readonly T[], index: number, item: T | null): T[] {
  return list.flatMap((one, at) => (at !== index ? [one] : item === null ? [] : [item]));
}
