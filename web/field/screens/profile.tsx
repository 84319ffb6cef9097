import { useSignal } from "@preact/signals";
import { Unreachable } from "../../shared/api";
import { network } from "../carry";
import { t } from "../i18n";
import { phone, unsent, worker, zone } from "../phone";
import { signOut, WorkUnsent } from "../session";
import { APP_VERSION } from "../sync/sync";
import { Fact, Facts } from "../ui/facts";
import { moment } from "../ui/time";
import { FilesToSend } from "./files-to-send";
import { Notifications } from "./notifications";
import { Languages } from "./sign-in";
import { Waiting } from "./waiting";

/** The worker, what is not sent yet (R20), and how this phone is. */
export function ProfileScreen() {
  const syncedAt = phone.value?.syncedAt;
  return (
    <>
      <header class="title">
        <h1 tabIndex={-1}>{t("profile.title")}</h1>
        <p>{worker.value?.user.name}</p>
      </header>
      <Facts>
        <Fact name={t("profile.unsent")} testId="unsent">
          <output class="big">{unsent.value}</output>
        </Fact>
        <Fact name={t("profile.synced")}>{syncedAt ? moment(syncedAt, zone.value) : t("profile.never")}</Fact>
      </Facts>
      <FilesToSend />
      <Waiting />
      <Facts>
        <Fact name={t("profile.notifications")}>
          <Notifications />
        </Fact>
        <Fact name={t("profile.network")}>{t(`profile.${network.value}`)}</Fact>
        <Fact name={t("profile.language")}>
          <Languages />
        </Fact>
        <Fact name={t("profile.zone")}>{zone.value}</Fact>
        <Fact name={t("profile.device")}>{worker.value?.deviceId.slice(-8)}</Fact>
        <Fact name={t("profile.version")}>{APP_VERSION}</Fact>
      </Facts>
      <SignOut />
    </>
  );
}

function SignOut() {
  const error = useSignal("");
  return (
    <>
      {error.value && (
        <p class="error" role="alert">
          {error.value}
        </p>
      )}
      <button
        type="button"
        onClick={() => {
          error.value = "";
          signOut().catch((thrown: unknown) => {
            error.value = words(thrown);
          });
        }}
      >
        {t("signout.submit")}
      </button>
    </>
  );
}

function words(error: unknown): string {
  if (error instanceof WorkUnsent) return t("signout.unsent", { n: unsent.value });
  if (error instanceof Unreachable) return t("signout.offline");
  console.error(error);
  return t("trouble.broken");
}
