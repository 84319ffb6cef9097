import { expect, test } from "vitest";
import type { JobRow } from "./change-event";
import { matches, NO_FILTER, toQuery } from "./filter";

const ZONE = "Europe/Moscow";
const row: JobRow = {
  id: "j",
  number: 41,
  version: 1,
  state: "scheduled",
  scheduled_at: "2026-11-24T21:30:00Z", // 00:30 on the 25th in Moscow
  client: { name: "Кафе «Вишнёвый сад»" },
  address: { formatted: "Москва, Тверская ул., 12" },
  assignees: [{ worker_id: "ivan", can_edit: true }],
};

test("a day is the account's day", () => {
  expect(matches(row, { ...NO_FILTER, day: "2026-11-25" }, ZONE, false)).toBe(true);
  expect(matches(row, { ...NO_FILTER, day: "2026-11-24" }, ZONE, false)).toBe(false);
  expect(matches({ ...row, scheduled_at: null }, { ...NO_FILTER, day: "2026-11-25" }, ZONE, false)).toBe(
    false,
  );
  expect(toQuery({ ...NO_FILTER, day: "2026-11-25" }, ZONE)).toMatchObject({
    scheduled_from: "2026-11-24T21:00:00Z",
    scheduled_to: "2026-11-25T21:00:00Z",
  });
});

test("a worker's jobs are those assigned to the worker", () => {
  expect(matches(row, { ...NO_FILTER, worker: "ivan" }, ZONE, false)).toBe(true);
  expect(matches(row, { ...NO_FILTER, worker: "olga" }, ZONE, true)).toBe(false);
});

test("text is found in number, client and address, whatever its case", () => {
  for (const q of ["41", "вишнёвый", " ТВЕРСКАЯ "]) {
    expect(matches(row, { ...NO_FILTER, q }, ZONE, false)).toBe(true);
  }
  expect(matches(row, { ...NO_FILTER, q: "Невский" }, ZONE, false)).toBe(false);
});

test("what the server found by text stays, though the row does not show why", () => {
  expect(matches(row, { ...NO_FILTER, q: "+7 495" }, ZONE, true)).toBe(true);
});
