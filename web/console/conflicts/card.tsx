import { useState } from "preact/hooks";
import type { Conflict, Take } from "../../shared/types";
import { t } from "../i18n/tongue";
import { fieldName } from "../jobs/say";
import { speaker } from "../people/directory";
import { stamp } from "../time/words";
import { Alert } from "../ui/alert";
import { Link } from "../ui/link";
import { type Trouble, troubleOf } from "../ui/problem";
import { settle } from "./conflicts";
import { hasOther, sayLines, sayRaw, sayWhy } from "./say-card";

interface Props {
  card: Conflict;
  /** Named in the panel of all; in a job's own panel it would only repeat the title. */
  named?: boolean;
  onSettled: () => void;
  onFollow?: () => void;
}

/** Who wanted what of which job, what became of it, and the choice. */
export function Card({ card, named = false, onSettled, onFollow }: Props) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const speak = speaker.value;
  const template = card.job?.template_id ? speak.template(card.job.template_id) : undefined;

  async function choose(take: Take) {
    setBusy(true);
    setTrouble(null);
    try {
      await settle(card, take);
      onSettled();
    } catch (error) {
      setTrouble(troubleOf(error));
      setBusy(false);
    }
  }

  return (
    <article class="conflict" aria-label={label(card)}>
      <p class="what">
        {named && <About card={card} onFollow={onFollow} />}
        <span>{speak.user(card.worker_id)?.name ?? "…"}</span>
        <span class={`badge ${card.kind}`}>{t(`conflicts.kinds.${card.kind}`)}</span>
      </p>
      <p>{sayWhy(card, template, speak)}</p>
      <Values card={card} />
      <Alert trouble={trouble} name={(pointer) => fieldName(pointer, template, speak)} />
      <footer>
        <p class="soft small">
          {t("conflicts.times", {
            done: stamp(card.happened_at, speak.clock),
            received: stamp(card.recorded_at, speak.clock),
          })}
        </p>
        {card.resolved_at ? (
          <p class="small">{sayEnd(card)}</p>
        ) : (
          <p class="buttons">
            <button type="button" class="button small" disabled={busy} onClick={() => choose("current")}>
              {t("conflicts.keep")}
            </button>
            {hasOther(card) && (
              <button type="button" class="button small" disabled={busy} onClick={() => choose("other")}>
                {t("conflicts.take")}
              </button>
            )}
          </p>
        )}
      </footer>
    </article>
  );
}

function About({ card, onFollow }: { card: Conflict; onFollow: (() => void) | undefined }) {
  if (!card.job) return <strong>{t("conflicts.noJob")}</strong>;
  return (
    <Link to={`/jobs/${card.job.id}`} {...(onFollow && { onFollow })}>
      {t("job.title", { number: String(card.job.number) })}
    </Link>
  );
}

function Values({ card }: { card: Conflict }) {
  const speak = speaker.value;
  const template = card.job?.template_id ? speak.template(card.job.template_id) : undefined;
  const raw = sayRaw(card);
  if (raw !== null) {
    return (
      <details>
        <summary>{t("conflicts.sent")}</summary>
        <pre>{raw}</pre>
      </details>
    );
  }
  return (
    <dl class="sides">
      {sayLines(card, template, speak).map((line) => (
        <div key={line.name}>
          <dt>{line.name}</dt>
          <dd>{line.taken}</dd>
          {line.refused && <dd>{line.refused}</dd>}
        </div>
      ))}
    </dl>
  );
}

function label(card: Conflict): string {
  const job = card.job ? t("job.title", { number: String(card.job.number) }) : t("conflicts.noJob");
  return [job, speaker.value.user(card.worker_id)?.name, t(`conflicts.kinds.${card.kind}`)]
    .filter(Boolean)
    .join(", ");
}

function sayEnd(card: Conflict): string {
  const speak = speaker.value;
  return t(`conflicts.settledBy.${card.take ?? "current"}`, {
    who: (card.resolved_by && speak.user(card.resolved_by)?.name) || "…",
    when: card.resolved_at ? stamp(card.resolved_at, speak.clock) : "",
  });
}
