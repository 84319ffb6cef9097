import { expect, test } from "vitest";
import { permissionIn, type Surroundings, wayIn } from "./permission";

const WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0";
const BLINK = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0";
const IPHONE = `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${WEBKIT} Mobile/15E148 Safari/604.1`;
const MAC = `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Safari/605.1.15`;
const ANDROID = `Mozilla/5.0 (Linux; Android 10; K) ${BLINK} Mobile Safari/537.36`;
const ANDROID_FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0";
const WINDOWS = `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${BLINK} Safari/537.36`;
const LINUX_FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

function around(over: Partial<Surroundings>): Surroundings {
  return {
    secure: true,
    notifications: "default",
    push: true,
    installed: false,
    agent: ANDROID,
    touchPoints: 5,
    ...over,
  };
}

test.each(["granted", "denied", "default"] as const)("what the browser says: %s", (notifications) => {
  expect(permissionIn(around({ notifications }))).toBe(notifications);
});

const NONE = { notifications: undefined, push: false };

test.each([
  ["an iPhone in the browser", around({ ...NONE, agent: IPHONE }), "install"],
  ["an iPad that calls itself a Mac", around({ ...NONE, agent: MAC }), "install"],
  ["an iPhone from the home screen", around({ agent: IPHONE, installed: true }), "default"],
  ["an iPhone too old for it", around({ ...NONE, agent: IPHONE, installed: true }), "unsupported"],
  ["a Mac", around({ ...NONE, agent: MAC, touchPoints: 0 }), "unsupported"],
  ["notifications, but no pushes", around({ push: false }), "unsupported"],
  ["plain http", around({ secure: false, push: false, notifications: "denied" }), "insecure"],
] as const)("%s", (_, surroundings, expected) => {
  expect(permissionIn(surroundings)).toBe(expected);
});

test.each([
  [ANDROID, false, "android-chrome"],
  [ANDROID, true, "android-app"],
  [ANDROID_FIREFOX, false, "android-firefox"],
  [IPHONE, true, "ios"],
  [MAC, true, "ios"],
  [WINDOWS, false, "chrome"],
  [LINUX_FIREFOX, false, "firefox"],
] as const)("how to permit it: %s, installed: %s", (agent, installed, way) => {
  expect(wayIn(around({ agent, installed }))).toBe(way);
});

test("how to permit it on a Mac", () => {
  expect(wayIn(around({ agent: MAC, touchPoints: 0 }))).toBe("safari");
});
