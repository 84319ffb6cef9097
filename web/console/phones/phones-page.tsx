import { useEffect, useState } from "preact/hooks";
import type { Device } from "../../shared/types";
import { t, tongue } from "../i18n/tongue";
import { fileSize } from "../i18n/units";
import { users } from "../people/directory";
import { clock } from "../session/account";
import { stamp } from "../time/words";
import { Alert } from "../ui/alert";
import { troubleOf } from "../ui/problem";
import { useTitle } from "../ui/title";
import { loadPhones, phones } from "./phones";
import { whyOff } from "./push-off";

const EVERY_MS = 30_000;
/** Three missed syncs of two minutes and a margin. */
const SILENT_MS = 10 * 60_000;

/** Each phone's health, so that a silent one is seen. */
export function PhonesPage() {
  useTitle(t("phones.title"));
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    async function poll() {
      try {
        await loadPhones();
        setFailure(null);
      } catch (error) {
        setFailure(error);
      }
      timer = setTimeout(poll, EVERY_MS);
    }
    void poll();
    return () => clearTimeout(timer);
  }, []);
  const all = [...(phones.value?.values() ?? [])].sort(byLastContact);
  return (
    <main id="main" class="page" tabIndex={-1}>
      <h1>{t("phones.title")}</h1>
      {failure !== null && <Alert trouble={troubleOf(failure)} />}
      {phones.value === null && failure === null && <p class="soft">{t("common.loading")}</p>}
      {phones.value !== null && all.length === 0 && <p class="soft">{t("phones.none")}</p>}
      {all.length > 0 && (
        <table class="sheet">
          <thead>
            <tr>
              <th scope="col">{t("phones.worker")}</th>
              <th scope="col">{t("phones.phone")}</th>
              <th scope="col">{t("phones.lastContact")}</th>
              <th scope="col">{t("phones.network")}</th>
              <th scope="col">{t("phones.unsent")}</th>
              <th scope="col">{t("phones.push")}</th>
              <th scope="col">{t("phones.version")}</th>
            </tr>
          </thead>
          <tbody>
            {all.map((one) => (
              <Phone key={one.id} phone={one} />
            ))}
          </tbody>
        </table>
      )}
    </main>
  );
}

function Phone({ phone }: { phone: Device }) {
  const { network, push } = phone;
  return (
    <tr>
      <th scope="row">{users.value.get(phone.worker_id)?.name ?? "…"}</th>
      <td>
        {phone.name} <span class="soft">{t(`phones.platforms.${phone.platform}`)}</span>
      </td>
      <td>
        <LastContact at={phone.last_contact_at} />
      </td>
      <td>{network ? t(`phones.${network}`) : <span class="soft">{t("phones.unknown")}</span>}</td>
      <td>{unsentWords(phone)}</td>
      <td>
        {!push && <span class="soft">{t("phones.notSet")}</span>}
        {push?.state === "on" && t("phones.on")}
        {push?.state === "off" && <span class="bad">{offWords(push)}</span>}
      </td>
      <td>{phone.app_version}</td>
    </tr>
  );
}

function offWords({ since, reason }: NonNullable<Device["push"]>): string {
  const when = stamp(since, clock.value);
  if (!reason) return t("phones.offSince", { when });
  const known = whyOff(reason);
  return t("phones.pushOff", { when, reason: known ? t(known) : reason });
}

function LastContact({ at }: { at: string | null | undefined }) {
  if (!at) return <span class="soft">{t("phones.never")}</span>;
  const { now } = clock.value;
  const age = Math.max(0, now - Date.parse(at));
  const minutes = Math.floor(age / 60_000);
  const words =
    minutes < 1
      ? t("phones.ago.now")
      : minutes < 60
        ? t("phones.ago.minutes", { n: minutes })
        : minutes < 24 * 60
          ? t("phones.ago.hours", { n: Math.floor(minutes / 60) })
          : null;
  return (
    <>
      <time dateTime={at} title={stamp(at, clock.value)}>
        {words ?? stamp(at, clock.value)}
      </time>
      {age > SILENT_MS && <span class="badge silent">{t("phones.silent")}</span>}
    </>
  );
}

function unsentWords({ unsent }: Device) {
  if (!unsent) return <span class="soft">{t("phones.unknown")}</span>;
  if (unsent.operations + unsent.files === 0) {
    return <span class="soft">{t("phones.nothingUnsent")}</span>;
  }
  const parts = [t("phones.changes", { n: unsent.operations })];
  if (unsent.files > 0) {
    parts.push(t("phones.files", { n: unsent.files, size: fileSize(unsent.bytes, tongue) }));
  }
  return parts.join(", ");
}

function byLastContact(a: Device, b: Device): number {
  return Date.parse(b.last_contact_at ?? "1970-01-01") - Date.parse(a.last_contact_at ?? "1970-01-01");
}
