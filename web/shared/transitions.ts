import type { JobState } from "./types";

export type Party = "worker" | "dispatcher";

/** Who may move a job where; the server holds the same table, and both run `tests/vectors/transitions.json`. */
const MOVES: Record<Party, Record<JobState, readonly JobState[]>> = {
  worker: {
    posted: [],
    scheduled: [],
    published: ["en_route", "started"],
    en_route: ["started", "suspended"],
    started: ["suspended", "finished"],
    suspended: ["started", "en_route", "finished"],
    finished: [],
    canceled: [],
  },
  dispatcher: {
    posted: ["published", "canceled"], // without a date the server refuses publishing
    scheduled: ["published", "canceled"],
    published: ["scheduled", "finished", "canceled"],
    en_route: ["scheduled", "finished", "canceled"],
    started: ["finished", "canceled"],
    suspended: ["finished", "canceled"],
    finished: ["published"],
    canceled: ["published"],
  },
};

/** Where `party` may move a job that is in `state`, in the order to offer it. */
export function movesFrom(party: Party, state: JobState): readonly JobState[] {
  return MOVES[party][state];
}
