import type { Address, Contact, Job, Template } from "../../shared/types";
import { t } from "../i18n";
import { zone } from "../phone";
import { Fact, Facts } from "../ui/facts";
import { Icon } from "../ui/icon";
import { plannedDay, plannedTime } from "../ui/time";
import { valueWords } from "../ui/values";

/** When, where, whom, what. */
export function JobFacts({ job, template }: { job: Job; template: Template | undefined }) {
  const custom = (key: string) => template?.fields?.find((one) => one.scope === "custom" && one.key === key);
  return (
    <Facts>
      <Fact name={t("job.planned")}>
        <strong>
          {plannedTime(job, zone.value)} · {plannedDay(job, zone.value)}
        </strong>
      </Fact>
      {job.type && <Fact name={t("job.type")}>{job.type}</Fact>}
      {job.address && (
        <Fact name={t("job.address")}>
          <Place address={job.address} />
        </Fact>
      )}
      {job.client && <Fact name={t("job.client")}>{job.client.name}</Fact>}
      {job.contacts?.length ? (
        <Fact name={t("job.contacts")}>
          {job.contacts.map((one) => (
            <Reach contact={one} key={`${one.name} ${one.value}`} />
          ))}
        </Fact>
      ) : null}
      {job.description && <Fact name={t("job.description")}>{job.description}</Fact>}
      {Object.entries(job.custom_fields ?? {}).map(([key, value]) => (
        <Fact name={custom(key)?.name ?? key} key={key}>
          {valueWords(value, custom(key))}
        </Fact>
      ))}
      {job.resolution && <Fact name={t("job.resolution")}>{job.resolution.name}</Fact>}
    </Facts>
  );
}

function Place({ address }: { address: Address }) {
  const door = [
    address.entrance && t("job.entrance", { value: address.entrance }),
    address.floor && t("job.floor", { value: address.floor }),
    address.apartment && t("job.apartment", { value: address.apartment }),
  ].filter(Boolean);
  return (
    <>
      {address.formatted && <span class="strong">{address.formatted}</span>}
      {door.length > 0 && <span>{door.join(", ")}</span>}
      {address.description && <span>{address.description}</span>}
      <a class="action" href={mapLink(address)} target="_blank" rel="noreferrer">
        <Icon name="pin" /> {t("job.map")}
      </a>
    </>
  );
}

/** What the phone's own map app opens: `geo:` on Android, Apple's address elsewhere. */
function mapLink({ formatted, latitude, longitude }: Address): string {
  const point = latitude != null && longitude != null ? `${latitude},${longitude}` : "";
  const query = encodeURIComponent(point || (formatted ?? ""));
  const android = /Android/.test(navigator.userAgent);
  return android ? `geo:${point || "0,0"}?q=${query}` : `https://maps.apple.com/?q=${query}`;
}

/** A telephone number is called with one tap, a mail address written to. */
function Reach({ contact: { name, value } }: { contact: Contact }) {
  const number = /^\+?[\d\s().-]{5,}$/.test(value);
  const address = /^\S+@\S+$/.test(value);
  const words = (
    <span>
      {name && <small>{name} </small>}
      <span class="value">{value}</span>
    </span>
  );
  if (!number && !address) return words;
  return (
    <a class="action" href={number ? `tel:${value.replace(/[^\d+]/g, "")}` : `mailto:${value}`}>
      {number && <Icon name="phone" />} {words}
    </a>
  );
}
