import { t } from "../i18n/tongue";
import { openCount, panelShown } from "./conflicts";

export const PANEL_ID = "conflicts";
export const COUNTER_ID = "conflicts-counter";
/** The server counts no further than a thousand, and nobody needs it. */
const MOST = 99;

/** How many cards wait for somebody; quiet while there are none. */
export function ConflictsCounter() {
  const n = openCount.value;
  return (
    <button
      type="button"
      id={COUNTER_ID}
      class={`button quiet counter ${n > 0 ? "some" : ""}`}
      aria-label={n > 0 ? t("conflicts.counter", { n }) : t("conflicts.title")}
      aria-expanded={panelShown.value}
      aria-controls={panelShown.value ? PANEL_ID : undefined}
      onClick={() => {
        panelShown.value = !panelShown.value;
      }}
    >
      <span class="word">{t("conflicts.title")}</span>
      {n > 0 && <span class="count">{n > MOST ? `${MOST}+` : n}</span>}
    </button>
  );
}
