/** Photos in the order of the report, and where each comes from. Pure. */
import type { Change, Id, Photo, Template } from "../../shared/types";

export interface PhotoGroup {
  field: string;
  /** As the template calls it. */
  name: string;
  photos: Photo[];
}

/** By field, in the template's order; fields that it does not have (any more) come last. */
export function byField(photos: readonly Photo[], template: Template | undefined): PhotoGroup[] {
  const fields = template?.fields?.filter((field) => field.scope === "report") ?? [];
  const keys = [...new Set([...fields.map(({ key }) => key), ...photos.map(({ field }) => field)])];
  return keys
    .map((key) => ({
      field: key,
      name: fields.find((field) => field.key === key)?.name ?? key,
      photos: photos.filter((photo) => photo.field === key).sort(byTime),
    }))
    .filter((group) => group.photos.length > 0);
}

/** Those without a time come last. */
function byTime(a: Photo, b: Photo): number {
  const [left, right] = [a, b].map(({ taken_at }) => (taken_at ? Date.parse(taken_at) : Number.MAX_VALUE));
  return (left ?? 0) - (right ?? 0);
}

/** When a photo was taken, or else when it was added to the report; and by whom. */
export interface Origin {
  at: string | null;
  who: string | null;
}

export function originOf(photo: Photo, history: readonly Change[]): Origin {
  const added = history.find((change) => change.fields[`photos.${photo.id}`]);
  return { at: photo.taken_at ?? added?.happened_at ?? null, who: added?.actor.name ?? null };
}

/** The neighbour in a row of photos; at an end there is none. */
export function neighbour(photos: readonly Photo[], id: Id, step: 1 | -1): Photo | undefined {
  const at = photos.findIndex((photo) => photo.id === id);
  return at < 0 ? undefined : photos[at + step];
}
