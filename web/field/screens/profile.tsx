import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { APP_VERSION, online, phone, signOut, syncNow, unsent, worker, zone } from "../app";
import { type Key, t } from "../i18n";
import { networkClass } from "../sync/network";
import { moment } from "../ui/time";

/** The worker, what is not sent yet (R20), and how this phone is. */
export function ProfileScreen() {
  const error = useSignal("");
  const syncedAt = phone.value?.syncedAt;
  return (
    <>
      <header class="title">
        <h1>{t("profile.title")}</h1>
        <p>{worker.value?.user.name}</p>
      </header>
      <dl class="card facts">
        <Line name={t("profile.unsent")} testId="unsent">
          <output>{unsent.value}</output>
        </Line>
        <Line name={t("profile.synced")}>{syncedAt ? moment(syncedAt, zone.value) : t("profile.never")}</Line>
        <Line name={t("profile.network")}>
          {online.value ? t(`profile.${networkClass()}`) : t("profile.none")}
        </Line>
        <Line name={t("profile.notifications")}>
          <Notifications />
        </Line>
        <Line name={t("profile.zone")}>{zone.value}</Line>
        <Line name={t("profile.device")}>{worker.value?.deviceId.slice(-8)}</Line>
        <Line name={t("profile.version")}>{APP_VERSION}</Line>
      </dl>
      <button type="button" class="primary" onClick={() => void syncNow("manual")}>
        {t("sync.now")}
      </button>
      <p class="error" role="alert">
        {error.value}
      </p>
      <button
        type="button"
        onClick={() => {
          signOut().catch((thrown: Error) => {
            error.value = thrown.message;
          });
        }}
      >
        {t("signout.submit")}
      </button>
    </>
  );
}

/** R22: whether notifications are allowed, and how to allow them. */
function Notifications() {
  const known = "Notification" in window;
  const state = useSignal<NotificationPermission>(known ? Notification.permission : "denied");
  if (!known) return <span>{t("profile.unsupported")}</span>;
  const words: Record<NotificationPermission, Key> = {
    granted: "profile.allowed",
    denied: "profile.denied",
    default: "profile.default",
  };
  return (
    <>
      <span>{t(words[state.value])}</span>
      {state.value === "default" && (
        <button
          type="button"
          onClick={async () => {
            state.value = await Notification.requestPermission();
          }}
        >
          {t("profile.allow")}
        </button>
      )}
    </>
  );
}

function Line({ name, testId, children }: { name: string; testId?: string; children: ComponentChildren }) {
  return (
    <div data-testid={testId}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
