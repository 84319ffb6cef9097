import { useSignal } from "@preact/signals";
import type { Photo, TemplateField } from "../../shared/types";
import { act } from "../app";
import { shelf } from "../carry";
import { t } from "../i18n";
import { phone } from "../phone";
import type { Shown } from "../sync/held";
import { Dialog } from "../ui/dialog";
import { FileStateLine, photoState, RetryButton } from "../ui/file-state";
import { Icon } from "../ui/icon";
import { UnsentMark } from "../ui/state";
import { Thumbnail } from "../ui/thumbnail";
import { Viewer } from "../ui/viewer";

/** The photos of one field: each with how far it is on its way. */
export function Photos(props: { field: TemplateField; shown: Shown; writable: boolean }) {
  const { field, shown, writable } = props;
  const photos = photosOf(shown, field.key);
  if (photos.length === 0) return <p class="none">{t("photo.none")}</p>;
  return (
    <ul class="photos">
      {photos.map((photo, place) => (
        <li key={photo.id}>
          <OnePhoto
            photo={photo}
            name={t("photo.name", { n: place + 1, field: field.name })}
            shown={shown}
            writable={writable}
          />
        </li>
      ))}
    </ul>
  );
}

export function photosOf({ job }: Shown, key: string): Photo[] {
  return (job.photos ?? []).filter((one) => one.field === key);
}

function OnePhoto(props: { photo: Photo; name: string; shown: Shown; writable: boolean }) {
  const { photo, name, shown, writable } = props;
  const open = useSignal<"view" | "remove" | null>(null);
  const held = phone.value?.photos.find((one) => one.id === photo.id);
  const state = photoState(photo, held);
  const close = () => {
    open.value = null;
  };
  return (
    <>
      <button
        type="button"
        class="view"
        aria-label={`${t("photo.view")}: ${name}`}
        onClick={() => {
          open.value = "view";
        }}
      >
        <Thumbnail id={photo.id} available={photo.state === "available"} />
      </button>
      <div class="about">
        <FileStateLine state={state} name={name} />
        {shown.unsent.has(`photos.${photo.id}`) && <UnsentMark />}
        <span class="tools">
          <RetryButton id={photo.id} state={state} name={name} />
          {writable && (
            <button
              type="button"
              class="quiet"
              aria-label={`${t("photo.remove")}: ${name}`}
              onClick={() => {
                open.value = "remove";
              }}
            >
              {t("photo.remove")}
            </button>
          )}
        </span>
      </div>
      {open.value === "view" && (
        <Viewer
          title={name}
          load={() => nearest(photo.id, held !== undefined)}
          far={photo.state === "available" ? photo.id : undefined}
          close={close}
        />
      )}
      {open.value === "remove" && (
        <Dialog title={t("photo.remove-title")} onCancel={close}>
          <button
            type="button"
            class="primary"
            onClick={() => {
              close();
              void act(shown.job.id, { type: "remove_photo", photo_id: photo.id });
            }}
          >
            <Icon name="canceled" /> {t("photo.remove")}
          </button>
          <button type="button" onClick={close}>
            {t("photo.keep")}
          </button>
        </Dialog>
      )}
    </>
  );
}

/** The photo itself while this phone holds it; later its small picture, where nothing better can be had. */
async function nearest(id: string, held: boolean): Promise<Blob | undefined> {
  if (held) return shelf().bytes(id, "image/jpeg");
  return navigator.onLine ? undefined : shelf().thumbnail(id);
}
