/** Photos that the phone still has to send. Pure. */
import type { Photo } from "../../shared/types";
import type { Tongue } from "../i18n/tongue";
import { fileSize } from "../i18n/units";

export interface Awaited {
  count: number;
  /** Bytes of all of them together. */
  size: number;
}

/** A whole job lists its photos; the summary in a live event only counts them. */
export interface HasPhotos {
  photos?: readonly Photo[] | number | null;
  photos_expected?: Awaited | null;
}

export function awaited({ photos, photos_expected }: HasPhotos): Awaited {
  if (!Array.isArray(photos)) return photos_expected ?? { count: 0, size: 0 };
  const expected = (photos as readonly Photo[]).filter((one) => one.state === "expected");
  return { count: expected.length, size: expected.reduce((sum, one) => sum + one.size, 0) };
}

/** "1 photo still on the phone, 0.8 MB"; empty when none is. */
export function sayAwaited({ count, size }: Awaited, tongue: Tongue): string {
  return count > 0 ? tongue.t("photos.awaited", { n: count, size: fileSize(size, tongue) }) : "";
}
