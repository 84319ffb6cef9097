import { expect, test } from "vitest";
import { genericMessage, messageOf, mustShow } from "./message";

const PUSH = {
  title: "Наряд № 7 изменён",
  body: "Сегодня, 10:00–11:30",
  job_id: "j7",
  version: 12,
  reason: "changed",
  notification_id: "n1",
  url: "/app/jobs/j7",
};

test("a message of a job", () => {
  expect(messageOf(JSON.stringify(PUSH))).toEqual({
    title: PUSH.title,
    body: PUSH.body,
    tag: "j7",
    data: { url: "/app/jobs/j7", id: "n1" },
  });
});

test.each([
  ["nothing", undefined],
  ["an empty text", ""],
  ["no JSON", "\u0000{"],
  ["a list", "[1]"],
  ["null", "null"],
])("%s cannot be read", (_, text) => {
  expect(messageOf(text)).toBe("unreadable");
});

test("without title and body it is silent", () => {
  expect(messageOf(JSON.stringify({ job_id: "j7", version: 12, url: "/app/jobs/j7" }))).toBe("silent");
});

test("members of other types are not shown", () => {
  const message = messageOf(JSON.stringify({ title: { toString: 1 }, body: "Сегодня", job_id: 7, url: 5 }));
  expect(message).toEqual({
    title: "Naryad",
    body: "Сегодня",
    tag: "naryad",
    data: { url: "/app/", id: "" },
  });
});

test.each(["https://elsewhere.example/", "//elsewhere.example/app/", "/console/", "javascript:alert(1)"])(
  "a tap does not lead to %s",
  (url) => {
    expect(messageOf(JSON.stringify({ ...PUSH, url }))).toMatchObject({ data: { url: "/app/" } });
  },
);

test("the generic message speaks the app's language", () => {
  expect(genericMessage("ru").title).toBe("Наряды изменились");
  expect(genericMessage("en").title).toBe("Your jobs have changed");
});

test.each([
  ["Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1", true],
  ["Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36", false],
  ["Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0", false],
])("%s must show something for every push: %s", (agent, must) => {
  expect(mustShow(agent)).toBe(must);
});
