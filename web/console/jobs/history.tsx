import type { Change, FieldStep, Id, JobState } from "../../shared/types";
import { stateWord, t } from "../i18n/tongue";
import { speaker } from "../people/directory";
import { stamp } from "../time/words";
import { Icon } from "../ui/icons";
import { fieldName, fieldValue } from "./say";

/** A member that says nothing by itself: when the steps were done is told by the steps. */
const SILENT = new Set(["timestamps"]);

/** The clock of a phone and the network's way are no lateness. */
const SAME_TIME_MS = 60_000;

interface Props {
  changes: readonly Change[];
  templateId: Id | null;
}

/** Who did what, when it was done and when it was received. The newest first. */
export function History({ changes, templateId }: Props) {
  if (changes.length === 0) return null;
  return (
    <section aria-labelledby="history-title">
      <h3 id="history-title">{t("job.history")}</h3>
      <ol class="history" reversed>
        {changes.toReversed().map((change) => (
          <li key={change.version}>
            <Entry change={change} templateId={templateId} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Entry({ change, templateId }: { change: Change; templateId: Id | null }) {
  const speak = speaker.value;
  const done = Date.parse(change.happened_at);
  const received = Date.parse(change.recorded_at);
  const delayed = Math.abs(received - done) > SAME_TIME_MS;
  return (
    <>
      <p class="what">
        <strong>{heading(change)}</strong>
        {change.late && (
          <span class="badge late" title={t("history.lateHint")}>
            {t("history.late")}
          </span>
        )}
      </p>
      <p class="soft small">
        {change.actor.name ?? t("history.system")}
        {change.device_id && (
          <>
            {" "}
            <Icon name="phone" />
            <span class="aside">{t("history.fromPhone")}</span>
          </>
        )}
        {" · "}
        {delayed ? (
          <>
            {t("history.done", { when: stamp(done, speak.clock) })},{" "}
            {t("history.received", { when: stamp(received, speak.clock) })}
          </>
        ) : (
          <time dateTime={change.happened_at}>{stamp(done, speak.clock)}</time>
        )}
      </p>
      <Steps change={change} templateId={templateId} />
    </>
  );
}

/** The change in a word or two: its new state where it has one, else what kind of thing happened. */
function heading(change: Change): string {
  switch (change.kind) {
    case "created":
    case "deleted":
    case "retired":
      return t(`history.${change.kind}`);
    case "state":
      return stateWord(change.fields["state"]?.new as JobState);
    case "report":
      return t("job.report");
    case "photo":
      return t("fields.photos");
    case "comment":
      return t("fields.comments");
    case "attachment":
      return t("fields.attachments");
    default:
      return t("history.changed");
  }
}

function Steps({ change, templateId }: { change: Change; templateId: Id | null }) {
  const speak = speaker.value;
  const template = templateId ? speak.template(templateId) : undefined;
  const creating = change.kind === "created" || change.kind === "deleted";
  const steps = Object.entries(change.fields)
    .sort(byPlace)
    .filter(
      ([name]) =>
        !SILENT.has(name) && !(change.kind === "state" && name === "state") && change.kind !== "deleted",
    );
  if (steps.length === 0) return null;
  return (
    <ul class="steps">
      {steps.map(([name, step]) => (
        <li key={name}>
          <span class="soft">{fieldName(name, template, speak)}:</span>{" "}
          {!creating && isGiven(step.old) && (
            <>
              <del>{fieldValue(name, step.old, template, speak)}</del> →{" "}
            </>
          )}
          {fieldValue(name, step.new, template, speak)}
          <Lost name={name} step={step} say={(value) => fieldValue(name, value, template, speak)} />
        </li>
      ))}
    </ul>
  );
}

/** As the panel shows them; what is not named comes last, by name. */
const PLACES = [
  "state",
  "client",
  "address",
  "scheduled_at",
  "scheduled_duration",
  "assignees",
  "description",
];

function byPlace([a]: [string, FieldStep], [b]: [string, FieldStep]): number {
  const place = (name: string) => (PLACES.includes(name) ? PLACES.indexOf(name) : PLACES.length);
  return place(a) - place(b) || a.localeCompare(b);
}

function Lost({ step, say }: { name: string; step: FieldStep; say: (value: unknown) => string }) {
  if (step.lost === undefined) return null;
  return <span class="lost"> ({t("history.lost", { value: say(step.lost) })})</span>;
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined && value !== "";
}
