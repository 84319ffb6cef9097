import type { Language } from "../../shared/i18n";

/** What a push says (DESIGN 4.6), as far as it is shown. */
interface Pushed {
  title: string;
  body: string;
  job_id: string;
  notification_id: string;
  url: string;
}

/** What the service worker shows. */
export interface Message {
  title: string;
  body: string;
  /** Of one job only the last message stays. */
  tag: string;
  /** `id`: the same however often the message is delivered. */
  data: { url: string; id: string };
}

const HOME = "/app/";

/** The message of a push's text; `silent`: it is to show nothing; `unreadable`: it is none of ours. */
export function messageOf(text: string | undefined): Message | "silent" | "unreadable" {
  const pushed = read(text);
  if (!pushed) return "unreadable";
  const { title = "", body = "", job_id, notification_id, url } = pushed;
  if (!title && !body) return "silent";
  return {
    title: title || "Naryad",
    body,
    tag: job_id ?? "naryad",
    data: { url: url?.startsWith(HOME) ? url : HOME, id: notification_id ?? "" }, // a tap never leaves the app
  };
}

/** Something has changed, and the sync brings it: for a push that cannot be read. */
export function genericMessage(language: Language): Message {
  const words = {
    en: { title: "Your jobs have changed", body: "Open the app to see what is new." },
    ru: { title: "Наряды изменились", body: "Откройте приложение, чтобы увидеть новое." },
  };
  return { ...words[language], tag: "naryad", data: { url: HOME, id: "" } };
}

/** Safari takes the permission away from an app whose pushes show nothing; others allow it now and then. */
export function mustShow(agent: string): boolean {
  return /AppleWebKit/.test(agent) && !/Chrom(e|ium)/.test(agent);
}

function read(text: string | undefined): Partial<Pushed> | undefined {
  try {
    const found: unknown = JSON.parse(text ?? "");
    if (typeof found !== "object" || found === null || Array.isArray(found)) return undefined;
    return Object.fromEntries(Object.entries(found).filter(([, value]) => typeof value === "string"));
  } catch {
    return undefined;
  }
}
