import type { Catalogs } from "./i18n";
import type { JobState } from "./types";

/** The words for the states, the same in both apps. */
export const STATE_WORDS = {
  en: {
    posted: "Posted",
    scheduled: "Scheduled",
    published: "Published",
    en_route: "En route",
    started: "Started",
    suspended: "Paused",
    finished: "Finished",
    canceled: "Canceled",
  },
  ru: {
    posted: "Размещён",
    scheduled: "Запланирован",
    published: "Опубликован",
    en_route: "В пути",
    started: "Начат",
    suspended: "Приостановлен",
    finished: "Завершён",
    canceled: "Отменён",
  },
} as const satisfies Catalogs<JobState>;
