import type { Policy } from "../../shared/types";

const THUMBNAIL_PX = 320;
const THUMBNAIL_QUALITY = 0.7;
export const JPEG = "image/jpeg";

/** This browser cannot read the picture. */
export class NotAPicture extends Error {}

/** A photo as the policy wants it, and a small one for the screen; upright, and without what the camera wrote. */
export async function reduce(file: Blob, policy: Policy): Promise<{ bytes: Blob; thumbnail: Blob }> {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch((error: unknown) => {
    throw new NotAPicture("", { cause: error });
  });
  try {
    return {
      bytes: await drawn(bitmap, policy.photo_max_px, policy.photo_quality),
      thumbnail: await drawn(bitmap, THUMBNAIL_PX, THUMBNAIL_QUALITY),
    };
  } finally {
    bitmap.close();
  }
}

async function drawn(bitmap: ImageBitmap, longest: number, quality: number): Promise<Blob> {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  if (!context) throw new NotAPicture("no canvas");
  context.fillStyle = "#fff"; // behind what is transparent: a JPEG has no such thing
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, JPEG, quality));
  canvas.width = canvas.height = 0; // iOS keeps the memory of a canvas for long
  if (!blob) throw new NotAPicture("the canvas gives nothing");
  return blob;
}
