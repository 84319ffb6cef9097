import { expect, test } from "vitest";
import { whyOff } from "./push-off";

test.each([
  ["moved", "phones.why.moved"],
  ["APNs 410 Unregistered: the app was removed or notifications were turned off", "phones.why.removed"],
  ["FCM 404 UNREGISTERED", "phones.why.removed"],
  ["fcm.googleapis.com 410", "phones.why.removed"],
  ["updates.push.services.mozilla.com 404 Not Found", "phones.why.removed"],
  ["APNs 400 BadDeviceToken: the token is not one of this environment", "phones.why.invalid"],
  ["fcm.googleapis.com 403 x: subscribed with an earlier key", "phones.why.invalid"],
  ["something new", null],
])("%s", (reason, key) => {
  expect(whyOff(reason)).toBe(key);
});
