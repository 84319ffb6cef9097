import { useEffect, useId, useState } from "preact/hooks";
import { addDays } from "../../shared/zone";
import { t, tongue } from "../i18n/tongue";
import { applyFilter } from "../live/connection";
import { workers } from "../people/directory";
import { today } from "../session/account";
import { wholeDay } from "../time/words";
import { Icon } from "../ui/icons";
import type { Filter } from "./filter";
import { filter, setFilter } from "./list";

const TYPING_MS = 250;

/** What is shown: by text, by worker, by day. */
export function Filters() {
  const { worker, day } = filter.value;
  const workerId = useId();
  const dayId = useId();
  return (
    <search class="filters" aria-label={t("filters.title")}>
      <Search />
      <label class="aside" for={workerId}>
        {t("filters.worker")}
      </label>
      <select
        id={workerId}
        class={worker ? "set" : ""}
        value={worker}
        onChange={(event) => change({ worker: event.currentTarget.value })}
      >
        <option value="">{t("filters.anyWorker")}</option>
        {workers.value.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
      <fieldset class="day">
        <legend class="aside">{t("filters.day")}</legend>
        <button
          type="button"
          class="button icon-only"
          aria-label={t("filters.previousDay")}
          onClick={() => step(-1)}
        >
          <Icon name="left" />
        </button>
        <label class="aside" for={dayId}>
          {t("filters.day")}
        </label>
        <input
          id={dayId}
          class={day ? "set" : ""}
          type="date"
          value={day}
          title={day ? wholeDay(day, tongue.locale) : t("filters.anyDay")}
          onChange={(event) => change({ day: event.currentTarget.value })}
        />
        <button
          type="button"
          class="button icon-only"
          aria-label={t("filters.nextDay")}
          onClick={() => step(1)}
        >
          <Icon name="right" />
        </button>
        <button
          type="button"
          class="button"
          aria-pressed={day === today.value}
          onClick={() => change({ day: today.value })}
        >
          {t("filters.today")}
        </button>
        <button type="button" class="button" aria-pressed={day === ""} onClick={() => change({ day: "" })}>
          {t("filters.anyDay")}
        </button>
      </fieldset>
    </search>
  );
}

function Search() {
  const [text, setText] = useState(filter.value.q);
  const id = useId();
  useEffect(() => {
    if (text.trim() === filter.value.q) return undefined;
    const timer = setTimeout(() => change({ q: text.trim() }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div class="search">
      <Icon name="search" />
      <label class="aside" for={id}>
        {t("filters.search")}
      </label>
      <input
        id={id}
        type="search"
        value={text}
        placeholder={t("filters.searchHint")}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </div>
  );
}

function step(days: number): void {
  change({ day: addDays(filter.value.day || today.value, days) });
}

function change(changed: Partial<Filter>): void {
  setFilter(changed);
  applyFilter().catch((error: unknown) => console.warn("the list could not be read", error));
}
