import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n/tongue";
import { Alert } from "../ui/alert";
import { Icon } from "../ui/icons";
import { type Trouble, troubleOf } from "../ui/problem";
import { Card } from "./card";
import { cards, more, openCount, panelShown, showMore } from "./conflicts";
import { COUNTER_ID, PANEL_ID } from "./counter";

/** All open cards, beside whatever page is open. Escape closes it. */
export function ConflictsPanel() {
  return panelShown.value ? <Panel /> : null;
}

function Panel() {
  const heading = useRef<HTMLHeadingElement>(null);
  const [said, setSaid] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  useEffect(() => heading.current?.focus(), []);
  const listed = cards.value;
  return (
    <section
      id={PANEL_ID}
      class="conflicts"
      aria-labelledby="conflicts-title"
      onKeyDown={(event) => event.key === "Escape" && closePanel()}
    >
      <header>
        <h2 id="conflicts-title" ref={heading} tabIndex={-1}>
          {t("conflicts.openOnes")}
        </h2>
        <button
          type="button"
          class="button icon-only quiet"
          aria-label={t("conflicts.close")}
          title={t("conflicts.close")}
          onClick={closePanel}
        >
          <Icon name="close" />
        </button>
      </header>
      <p class="soft small">{openCount.value > 0 ? t("conflicts.hint") : t("conflicts.none")}</p>
      <div role="status" class="aside">
        {said}
      </div>
      {listed.map((card) => (
        <Card
          key={card.id}
          card={card}
          named
          onSettled={() => {
            setSaid(t("conflicts.settled"));
            heading.current?.focus();
          }}
          onFollow={() => {
            panelShown.value = false;
          }}
        />
      ))}
      <Alert trouble={trouble} />
      {more.value && (
        <button
          type="button"
          class="button wide"
          onClick={() => showMore().catch((error: unknown) => setTrouble(troubleOf(error)))}
        >
          {t("conflicts.more")}
        </button>
      )}
    </section>
  );
}

function closePanel() {
  panelShown.value = false;
  document.getElementById(COUNTER_ID)?.focus();
}
