import { type Key, t } from "../i18n";
import { phone } from "../phone";
import { allow, dontAsk, permission, way } from "../push/here";

/** On Profile (R22): whether notifications are allowed, how to allow them, and whether they really come. */
export function Notifications() {
  const allowed = permission.value;
  const sendsNone = phone.value?.push.key === null;
  return (
    <>
      <span>{t(`push.${allowed}`)}</span>
      {allowed === "denied" && <span>{t(`permit.${way()}`)}</span>}
      {allowed === "granted" && <span>{t(comingWords())}</span>}
      {allowed === "default" &&
        (sendsNone ? (
          <span>{t("push.server-off")}</span>
        ) : (
          <button type="button" onClick={() => void allow()}>
            {t("push.turn-on")}
          </button>
        ))}
    </>
  );
}

/** On the list of jobs, once there are any: until the worker has answered, and only if the server sends any. */
export function OfferNotifications() {
  const held = phone.value;
  if (permission.value !== "default" || !held?.push.key || held.askedToNotify) return null;
  return (
    <section class="card offer" aria-labelledby="offer-title">
      <h2 id="offer-title">{t("push.card")}</h2>
      <p>{t("push.card-words")}</p>
      <button type="button" class="primary" onClick={() => void allow()}>
        {t("push.allow")}
      </button>
      <button type="button" onClick={() => void dontAsk()}>
        {t("push.not-now")}
      </button>
    </section>
  );
}

/** Allowed is not yet told: the browser and the server must be at one. */
function comingWords(): Key {
  const push = phone.value?.push;
  if (push?.key === null) return "push.server-off";
  if (push?.told) return "push.on";
  return push?.trouble ? `push.${push.trouble}` : "push.pending";
}
