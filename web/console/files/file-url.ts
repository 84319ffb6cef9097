import type { Id } from "../../shared/types";

/** The bytes as they came; `app` says whose session asks, where no header can be set. */
export function originalUrl(id: Id): string {
  return `/v1/files/${id}?app=console`;
}

/** A JPEG whose longest side has at most so many pixels. */
export function previewUrl(id: Id, size: number): string {
  return `/v1/files/${id}/preview?size=${size}&app=console`;
}
