import type { Key } from "../i18n/tongue";

/** Why pushes to a phone are off, where the provider's words are known ones; null: show them as they are. */
export function whyOff(reason: string): Key | null {
  if (reason === "moved") return "phones.why.moved";
  if (/BadDeviceToken|DeviceTokenNotForTopic|earlier key|cannot be used|INVALID_ARGUMENT/.test(reason)) {
    return "phones.why.invalid";
  }
  if (/Unregistered|UNREGISTERED|ExpiredToken|\b(404|410)\b/.test(reason)) return "phones.why.removed";
  return null;
}
