import { isKey, t } from "../i18n/tongue";
import { clock } from "../session/account";
import { stamp } from "../time/words";
import type { Push } from "./opened";

/** Whom a notification told of this job, on which phone, and what became of it. The newest first. */
export function Pushes({ pushes }: { pushes: readonly Push[] }) {
  const newest = [...pushes].sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
  return (
    <section aria-labelledby="pushes-title">
      <h3 id="pushes-title">{t("job.pushes")}</h3>
      {pushes.length === 0 && <p class="soft">{t("pushes.none")}</p>}
      <ul class="ladder">
        {newest.map((push) => (
          <li key={push.id} class={push.state}>
            <strong>{t(`pushes.reasons.${push.reason}`)}</strong>
            {push.silent && ` (${t("pushes.silently")})`} {words(push)}
            <Detail push={push} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function words(push: Push): string {
  const device = push.device_name
    ? t("pushes.phoneNamed", { name: push.worker_name, device: push.device_name })
    : t("pushes.phoneOf", { name: push.worker_name });
  const became = push.state === "sent" && push.channel === "recording" ? "recorded" : push.state;
  return t(`pushes.${became}`, { device, when: stamp(push.sent_at ?? push.created_at, clock.value) });
}

function Detail({ push }: { push: Push }) {
  const channel = `pushes.channels.${push.channel}`;
  const detail = `pushes.details.${push.detail}`;
  const by = push.channel === "recording" ? null : push.channel;
  const parts = [isKey(channel) ? t(channel) : by, isKey(detail) ? t(detail) : push.detail].filter(Boolean);
  return parts.length > 0 ? <span class="soft"> · {parts.join(" · ")}</span> : null;
}
