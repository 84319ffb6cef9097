import { useState } from "preact/hooks";
import { JOB_STATES, type JobState } from "../../shared/types";
import { stateWord, t } from "../i18n/tongue";
import { rowSpeaker } from "../people/row-speaker";
import { Alert } from "../ui/alert";
import { StateIcon } from "../ui/icons";
import { troubleOf } from "../ui/problem";
import { isNarrow } from "./filter";
import { Row } from "./job-row";
import { failure, filter, fresh, groups, loading, loadMore, more, rows } from "./list";
import { countWords } from "./state-strip";

/** The jobs, grouped by state. */
export function Groups({ selected }: { selected: string | null }) {
  const only = filter.value.state;
  const shown = JOB_STATES.filter((state) =>
    only ? state === only : (groups.value.get(state)?.length ?? 0) > 0,
  );
  return (
    <div class="groups" aria-busy={loading.value}>
      {failure.value !== null && rows.value.size === 0 && <Alert trouble={troubleOf(failure.value)} />}
      {rows.value.size === 0 && failure.value === null && <Nothing />}
      {rows.value.size > 0 && shown.map((state) => <Group key={state} state={state} selected={selected} />)}
      {more.value.open !== null && <More kind="open" label={t("list.moreOpen")} />}
      {more.value.closed !== null && <More kind="closed" label={t("list.moreClosed")} />}
    </div>
  );
}

function Group({ state, selected }: { state: JobState; selected: string | null }) {
  const members = groups.value.get(state) ?? [];
  const speaker = rowSpeaker.value;
  return (
    <section class={`group state-${state}`} aria-label={stateWord(state)}>
      <h2>
        <StateIcon state={state} />
        {stateWord(state)} <span class="count">{countWords(state)}</span>
      </h2>
      {members.length === 0 ? (
        <p class="soft none">{t("list.none")}</p>
      ) : (
        <table>
          <colgroup>
            <col class="number" />
            <col class="when" />
            <col class="client" />
            <col class="where" />
            <col class="people" />
            <col class="state" />
          </colgroup>
          <thead class="aside">
            <tr>
              <th scope="col">{t("list.number")}</th>
              <th scope="col">{t("list.planned")}</th>
              <th scope="col">{t("list.client")}</th>
              <th scope="col">{t("list.address")}</th>
              <th scope="col">{t("list.assignees")}</th>
              <th scope="col">{t("list.state")}</th>
            </tr>
          </thead>
          <tbody>
            {members.map((row) => (
              <Row
                key={row.id}
                row={row}
                speaker={speaker}
                selected={row.id === selected}
                fresh={fresh.value.has(row.id)}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Nothing() {
  if (loading.value) return <p class="soft nothing">{t("list.loading")}</p>;
  if (isNarrow(filter.value)) return <p class="soft nothing">{t("list.noneFiltered")}</p>;
  return (
    <div class="nothing">
      <p>{t("list.none")}</p>
      <p class="soft">{t("list.first")}</p>
    </div>
  );
}

function More({ kind, label }: { kind: "open" | "closed"; label: string }) {
  const [error, setError] = useState<unknown>(null);
  return (
    <>
      <button
        type="button"
        class="button more"
        onClick={() => {
          setError(null);
          loadMore(kind).catch(setError);
        }}
      >
        {label}
      </button>
      {error !== null && <Alert trouble={troubleOf(error)} />}
    </>
  );
}
