import { beforeEach, expect, test } from "vitest";
import { type HeldPush, register, UNREGISTERED } from "./registration";
import { NO_NETWORK, problem, SIGNED_OUT, TestBrowser, TestOffice } from "./test-office";

const HOUR = 3_600_000;
const KEY = "GET /v1/push/webpush-key";
const ME = "GET /v1/me";
const PUT = "PUT /v1/devices/current/push";
const DELETE = "DELETE /v1/devices/current/push";

let office: TestOffice;
let browser: TestBrowser;
let held: HeldPush;
let now: number;

beforeEach(() => {
  office = new TestOffice();
  browser = new TestBrowser();
  held = UNREGISTERED;
  now = 1_000;
});

/** One sync's attempt; answers what the server was asked. */
async function attempt(): Promise<string[]> {
  office.asked = [];
  held = await register(browser, office.request, held, now);
  return office.asked;
}

test("subscribes with the server's key and tells the server, once", async () => {
  expect(await attempt()).toEqual([KEY, PUT]);
  expect(office.taken).toEqual({
    endpoint: "https://push.example/1",
    expirationTime: null,
    keys: { p256dh: "p", auth: "a" },
  });
  expect(held.told).toBe(JSON.stringify(office.taken));
  expect(await attempt()).toEqual([]);
  now += HOUR;
  expect(await attempt()).toEqual([KEY, ME]);
  expect(browser.made).toBe(1);
});

test("an app that was just opened asks at once", async () => {
  await attempt();
  office.push = { channel: "webpush", state: "off", reason: "moved", since: "2026-11-24T10:00:00Z" };
  office.asked = [];
  held = await register(browser, office.request, held, now, true);
  expect(office.asked).toEqual([KEY, ME, PUT]);
});

test("not allowed yet: only the key is asked for, so that the app knows whether to offer them", async () => {
  browser.allowed = false;
  expect(await attempt()).toEqual([KEY]);
  expect(held).toMatchObject({ key: "AQID", told: "" });
  browser.allowed = true;
  expect(await attempt()).toEqual([PUT]);
});

test("a server without Web Push is not told anything", async () => {
  office.key = undefined;
  expect(await attempt()).toEqual([KEY]);
  expect(held.key).toBeNull();
  expect(browser.made).toBe(0);
  office.key = "AQID";
  now += HOUR;
  expect(await attempt()).toEqual([KEY, PUT]);
});

test("without network it is tried again with the next sync, from where it failed", async () => {
  office.failures = [
    [KEY, NO_NETWORK],
    [PUT, NO_NETWORK],
  ];
  await attempt();
  expect(held.trouble).toBe("offline");
  expect(await attempt()).toEqual([KEY, PUT]);
  expect(held).toMatchObject({ trouble: "offline", told: "" });
  expect(await attempt()).toEqual([PUT]);
  expect(held.trouble).toBeUndefined();
  expect(browser.made).toBe(1);
});

test.each([true, false])(
  "a new key of the server takes a new subscription (browser tells its key: %s)",
  async (tells) => {
    browser.tellsKey = tells;
    await attempt();
    office.key = "BAUG";
    now += HOUR;
    expect(await attempt()).toEqual([KEY, ME, PUT]);
    expect(browser.made).toBe(2);
    expect(office.taken).toMatchObject({ endpoint: "https://push.example/2" });
  },
);

test("a key written with padding is the same key", async () => {
  office.key = "AQIDBA==";
  await attempt();
  now += HOUR;
  await attempt();
  expect(browser.made).toBe(1);
});

test("the browser has given it another address: the server is told", async () => {
  await attempt();
  await browser.subscribe("AQID");
  expect(await attempt()).toEqual([PUT]);
  expect(office.taken).toMatchObject({ endpoint: "https://push.example/2" });
});

test("the browser has lost its subscription", async () => {
  await attempt();
  browser.held = null;
  expect(await attempt()).toEqual([PUT]);
  expect(browser.made).toBe(2);
});

test("the server has retired the registration: a new subscription, not the dead one", async () => {
  await attempt();
  office.push = { channel: "webpush", state: "off", reason: "gone", since: "2026-11-24T10:00:00Z" };
  now += HOUR;
  expect(await attempt()).toEqual([KEY, ME, PUT]);
  expect(browser.made).toBe(2);
});

test("the server knows no registration any more", async () => {
  await attempt();
  office.push = null;
  now += HOUR;
  expect(await attempt()).toContain(PUT);
});

test("a server that does not say leaves it as it is", async () => {
  await attempt();
  office.push = undefined;
  now += HOUR;
  expect(await attempt()).toEqual([KEY, ME]);
});

test("an answer about the registration that did not come is asked for again", async () => {
  await attempt();
  office.push = null;
  office.failures = [[ME, NO_NETWORK]];
  now += HOUR;
  await attempt();
  expect(held.trouble).toBe("offline");
  expect(await attempt()).toContain(PUT);
});

test("blocked afterwards: the server forgets this phone, also if it takes two attempts", async () => {
  await attempt();
  browser.allowed = false;
  office.failures = [[DELETE, NO_NETWORK]];
  await attempt();
  expect(await attempt()).toEqual([DELETE]);
  expect(office.taken).toBeUndefined();
  expect(await attempt()).toEqual([]);
});

test("the browser's push service fails: said, and tried again", async () => {
  browser.failure = new DOMException("Registration failed - push service error", "AbortError");
  expect(await attempt()).toEqual([KEY]);
  expect(held.trouble).toBe("browser");
  browser.failure = undefined;
  expect(await attempt()).toEqual([PUT]);
  expect(held.trouble).toBeUndefined();
});

test("a refusal is not repeated with every sync", async () => {
  office.failures = [[PUT, problem(422)]];
  await attempt();
  expect(held.trouble).toBe("refused");
  now += HOUR - 1;
  expect(await attempt()).toEqual([]);
  now += 1;
  expect(await attempt()).toContain(PUT);
  expect(held.trouble).toBeUndefined();
});

test("Retry-After is kept", async () => {
  office.failures = [[PUT, problem(503, 300)]];
  await attempt();
  expect(held.trouble).toBe("offline");
  now += 299_999;
  expect(await attempt()).toEqual([]);
  now += 1;
  expect(await attempt()).toEqual([PUT]);
});

test("signed out meanwhile: nothing is wrong with pushes", async () => {
  office.failures = [[KEY, SIGNED_OUT]];
  await attempt();
  expect(held.trouble).toBeUndefined();
  expect(await attempt()).toEqual([KEY, PUT]);
});

test("a fault of our own is not called the browser's", async () => {
  browser.failure = new TypeError("ours");
  await expect(attempt()).rejects.toThrow("ours");
});
