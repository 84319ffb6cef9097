import { sha256 } from "../../shared/sha256";
import type { Policy } from "../../shared/types";
import { nowWithOffset } from "../sync/clock";
import { uuid7 } from "../sync/uuid7";
import { readShot } from "./exif";
import type { Picture } from "./held-file";
import { JPEG, reduce } from "./reduce";

/**
 * A photo that was just taken or chosen, ready to be kept: time and place are read from the original, then
 * it is reduced. Throws NotAPicture.
 */
export async function pictureOf(file: File, field: string, policy: Policy): Promise<Picture> {
  const { takenAt, ...place } = await readShot(file);
  const { bytes, thumbnail } = await reduce(file, policy);
  const photo = {
    id: uuid7(),
    field,
    sha256: await sha256(bytes),
    size: bytes.size,
    media_type: JPEG,
    taken_at: takenAt ?? nowWithOffset(new Date(file.lastModified)),
    ...place,
  };
  return { photo, bytes, thumbnail };
}
