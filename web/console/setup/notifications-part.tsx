import { useState } from "preact/hooks";
import type { Account, PushText } from "../../shared/types";
import { t } from "../i18n/tongue";
import { me, request, whoever } from "../session/session";
import { Alert } from "../ui/alert";
import { type Trouble, troubleOf } from "../ui/problem";

const CHOICES: readonly PushText[] = ["minimal", "address", "full"];

/** How much of a customer a phone's lock screen shows, which anyone may read. */
export function NotificationsPart() {
  const { user, account } = whoever();
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [done, setDone] = useState("");
  const [chosen, setChosen] = useState(account.push_text);
  const admin = user.role === "admin";

  async function choose(push_text: PushText) {
    setChosen(push_text); // at once: a control that waits for the network loses the focus
    setTrouble(null);
    setDone("");
    try {
      const kept = await request<Account>("PATCH", "/v1/account", { body: { push_text } });
      me.value = { ...whoever(), account: { ...whoever().account, push_text: kept.push_text } };
      setDone(t("setup.pushText.saved"));
    } catch (error) {
      setTrouble(troubleOf(error));
      setChosen(whoever().account.push_text);
    }
  }

  return (
    <section aria-labelledby="notifications-title">
      <h2 id="notifications-title">{t("setup.notifications")}</h2>
      <fieldset disabled={!admin}>
        <legend>{t("setup.pushText.legend")}</legend>
        {CHOICES.map((one) => (
          <label key={one} class="check">
            <input
              type="radio"
              name="push_text"
              value={one}
              checked={chosen === one}
              onChange={() => void choose(one)}
            />
            {t(`setup.pushText.${one}`)}
          </label>
        ))}
      </fieldset>
      <p class="soft">{admin ? t("setup.pushText.never") : t("setup.onlyAdmins")}</p>
      <Alert trouble={trouble} />
      <div role="status" class={done ? "notice good" : ""}>
        {done}
      </div>
    </section>
  );
}
