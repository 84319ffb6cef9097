/** Fields and values of a job in the reader's words: for the panel, marks, merges and history. Pure. */
import type {
  Address,
  Assignee,
  Client,
  Contact,
  Id,
  JobState,
  Photo,
  Template,
  TemplateField,
  User,
} from "../../shared/types";
import { isKey, type Tongue } from "../i18n/tongue";
import { duration, fileSize } from "../i18n/units";
import { type Clock, dayMonth, stamp } from "../time/words";

/** Whom to ask for names while speaking of a job. */
export interface Speaker {
  tongue: Tongue;
  clock: Clock;
  user(id: Id): User | undefined;
  template(id: Id): Template | undefined;
}

export function templateField(
  template: Template | undefined,
  scope: "report" | "custom",
  key: string,
): TemplateField | undefined {
  return template?.fields?.find((field) => field.scope === scope && field.key === key);
}

/** `report.meter` → the template's name for it; `client` → "Client". */
export function fieldName(name: string, template: Template | undefined, speaker: Speaker): string {
  const dot = name.indexOf(".");
  const head = dot < 0 ? name : name.slice(0, dot);
  const rest = name.slice(dot + 1);
  if (dot > 0 && head === "report") return templateField(template, "report", rest)?.name ?? rest;
  if (dot > 0 && head === "custom_fields") return templateField(template, "custom", rest)?.name ?? rest;
  const key = [`fields.${name}`, `fields.${head}`].find(isKey);
  return key ? speaker.tongue.t(key) : name;
}

export function fieldValue(
  name: string,
  value: unknown,
  template: Template | undefined,
  speaker: Speaker,
): string {
  const { tongue, clock } = speaker;
  const { t } = tongue;
  if (value === null || value === undefined || value === "") return t("job.empty");
  const dot = name.indexOf(".");
  const head = dot < 0 ? name : name.slice(0, dot);
  const key = name.slice(dot + 1);
  switch (head) {
    case "state":
      return tongue.stateWord(value as JobState);
    case "scheduled_at":
    case "created_at":
    case "updated_at":
      return stamp(String(value), clock);
    case "scheduled_duration":
      return duration(Number(value), tongue);
    case "client":
      return orEmpty(sayClient(value as Client), tongue);
    case "address":
      return orEmpty(sayAddress(value as Address, tongue), tongue);
    case "contacts":
      return orEmpty((value as Contact[]).map(sayContact).join(", "), tongue);
    case "assignees":
      return sayAssignees(value as Assignee[], speaker);
    case "template_id":
      return speaker.template(String(value))?.name ?? t("fields.template_id");
    case "resolution":
      return named(value);
    case "report":
      return templateValue(templateField(template, "report", key), value, speaker);
    case "custom_fields":
      return templateValue(templateField(template, "custom", key), value, speaker);
    case "photos":
      return sayPhoto(value as Photo, template, tongue);
    default:
      return named(value);
  }
}

/** A value the worker or the dispatcher filled in, by the type that the template gives it. */
export function templateValue(field: TemplateField | undefined, value: unknown, speaker: Speaker): string {
  const { tongue, clock } = speaker;
  const { t } = tongue;
  if (value === null || value === undefined || value === "") return t("job.empty");
  if (typeof value === "boolean") return value ? t("job.yes") : t("job.no");
  if (typeof value === "number")
    return new Intl.NumberFormat(tongue.locale, { useGrouping: false, maximumFractionDigits: 6 }).format(
      value,
    );
  if (field?.type === "datetime" && !Number.isNaN(Date.parse(String(value))))
    return stamp(String(value), clock);
  if (field?.type === "date" && /^\d{4}-\d{2}-\d{2}$/.test(String(value))) {
    return dayMonth(`${String(value)}T12:00:00Z`, { ...clock, zone: "UTC" });
  }
  return named(value);
}

export function sayClient(client: Client | null | undefined): string {
  return [client?.name, client?.external_id ? `(${client.external_id})` : ""].filter(Boolean).join(" ");
}

export function sayAddress(address: Address | null | undefined, { t }: Tongue): string {
  if (!address) return "";
  const parts: string[] = [address.formatted ?? ""];
  if (address.entrance) parts.push(`${t("fields.address.entrance").toLowerCase()} ${address.entrance}`);
  if (address.floor) parts.push(`${t("fields.address.floor").toLowerCase()} ${address.floor}`);
  if (address.apartment) parts.push(`${t("fields.address.apartment").toLowerCase()} ${address.apartment}`);
  if (address.description) parts.push(address.description);
  return parts.filter(Boolean).join(", ");
}

export function sayContact(contact: Contact): string {
  return [contact.name, contact.value].filter(Boolean).join(" ");
}

export function sayAssignees(assignees: readonly Assignee[], speaker: Speaker): string {
  if (assignees.length === 0) return speaker.tongue.t("list.unassigned");
  return assignees
    .map(({ worker_id, can_edit }) => {
      const name = speaker.user(worker_id)?.name ?? "…";
      return can_edit && assignees.length > 1 ? `${name} (${speaker.tongue.t("job.inCharge")})` : name;
    })
    .join(", ");
}

function sayPhoto({ field, size, state }: Photo, template: Template | undefined, tongue: Tongue): string {
  const name = templateField(template, "report", field)?.name ?? field;
  const words = { expected: "photos.onPhone", available: "photos.here", failed: "photos.failed" } as const;
  return `${name}, ${fileSize(size, tongue)}, ${tongue.t(words[state])}`;
}

function orEmpty(text: string, { t }: Tongue): string {
  return text || t("job.empty");
}

/** The best plain text in a value whose shape we do not know. */
function named(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return value.map(named).join(", ");
  const object = value as { name?: unknown; text?: unknown; id?: unknown };
  const best = object.name ?? object.text ?? object.id;
  return best === undefined ? Object.values(object).map(String).join(", ") : String(best);
}
