import { useState } from "preact/hooks";
import type { Conflict } from "../../shared/types";
import { t } from "../i18n/tongue";
import { Card } from "./card";

/** The cards of one job: the open ones with their choice, the settled ones on demand. */
export function JobConflicts({ cards }: { cards: readonly Conflict[] }) {
  const [said, setSaid] = useState("");
  const open = cards.filter((one) => !one.resolved_at);
  const settled = cards.filter((one) => one.resolved_at);
  if (cards.length === 0) return null;
  return (
    <section aria-labelledby="job-conflicts-title">
      <h3 id="job-conflicts-title">{t("conflicts.title")}</h3>
      <div role="status" class="aside">
        {said}
      </div>
      {open.map((card) => (
        <Card key={card.id} card={card} onSettled={() => setSaid(t("conflicts.settled"))} />
      ))}
      {settled.length > 0 && (
        <details>
          <summary>{t("conflicts.settledList", { n: settled.length })}</summary>
          {settled.map((card) => (
            <Card key={card.id} card={card} onSettled={() => undefined} />
          ))}
        </details>
      )}
    </section>
  );
}
