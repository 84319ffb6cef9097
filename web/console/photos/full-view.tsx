import { useId, useState } from "preact/hooks";
import { useModal } from "../../shared/modal";
import type { Id, Photo } from "../../shared/types";
import { originalUrl, previewUrl } from "../files/file-url";
import { t } from "../i18n/tongue";
import { fileSize } from "../i18n/units";
import { speaker } from "../people/directory";
import { stamp } from "../time/words";
import { Icon } from "../ui/icons";
import { neighbour, type Origin } from "./by-field";

const SIZE = 2048;

interface Props {
  photo: Photo;
  /** All that can be looked at, in order. */
  photos: readonly Photo[];
  field: string;
  origin: Origin;
  onShow: (id: Id) => void;
  onClose: () => void;
}

/** A photo over the whole page: arrows go to its neighbours, Escape and a click beside it close. */
export function FullView({ photo, photos, field, origin, onShow, onClose }: Props) {
  const dialog = useModal();
  const title = useId();
  const place = photos.indexOf(photo) + 1;
  const go = (step: 1 | -1) => {
    const next = neighbour(photos, photo.id, step);
    if (next) onShow(next.id);
  };
  return (
    <dialog
      ref={dialog}
      class="full-view"
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") go(-1);
        if (event.key === "ArrowRight") go(1);
      }}
    >
      <header>
        <h2 id={title}>
          {field} <span class="soft">{t("photos.placeOf", { i: place, of: photos.length })}</span>
        </h2>
        <a class="button" href={originalUrl(photo.id)} download={`${field}-${place}${ending(photo)}`}>
          <Icon name="download" />
          {t("photos.download")}
        </a>
        <button
          type="button"
          class="button icon-only quiet"
          aria-label={t("job.close")}
          title={t("job.close")}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      <div class="stage">
        <Step label={t("photos.previous")} icon="left" able={place > 1} go={() => go(-1)} />
        <Picture key={photo.id} photo={photo} name={`${field}, ${place}`} />
        <Step label={t("photos.next")} icon="right" able={place < photos.length} go={() => go(1)} />
      </div>
      <About photo={photo} origin={origin} />
    </dialog>
  );
}

/** `aria-disabled`, so that the focus stays where the last press was. */
function Step(props: { label: string; icon: "left" | "right"; able: boolean; go: () => void }) {
  return (
    <button
      type="button"
      class="button icon-only"
      aria-label={props.label}
      title={props.label}
      aria-disabled={!props.able}
      onClick={props.go}
    >
      <Icon name={props.icon} />
    </button>
  );
}

function Picture({ photo, name }: { photo: Photo; name: string }) {
  const [tries, setTries] = useState(0);
  const [broken, setBroken] = useState(false);
  if (broken) {
    return (
      <div role="alert" class="broken">
        <p>{t("photos.noPreviewWhy")}</p>
        <button
          type="button"
          class="button"
          onClick={() => {
            setTries(tries + 1);
            setBroken(false);
          }}
        >
          {t("common.retry")}
        </button>
      </div>
    );
  }
  return <img key={tries} src={previewUrl(photo.id, SIZE)} alt={name} onError={() => setBroken(true)} />;
}

function About({ photo, origin }: { photo: Photo; origin: Origin }) {
  const { tongue, clock } = speaker.value;
  const { latitude, longitude } = photo;
  const placed = typeof latitude === "number" && typeof longitude === "number";
  const at = origin.at && stamp(origin.at, clock);
  return (
    <p class="about">
      {at && (
        <time dateTime={origin.at ?? undefined}>
          {t(photo.taken_at ? "photos.taken" : "photos.added", { when: at })}
        </time>
      )}
      {origin.who && <span>{origin.who}</span>}
      {placed && (
        <a href={mapUrl(latitude, longitude)} target="_blank" rel="noopener noreferrer">
          {t("photos.onMap", { place: `${latitude.toFixed(5)}, ${longitude.toFixed(5)}` })}
        </a>
      )}
      <span class="soft">{fileSize(photo.size, tongue)}</span>
    </p>
  );
}

function mapUrl(latitude: number, longitude: number): string {
  return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
}

function ending({ media_type }: Photo): string {
  const kind = /^image\/(jpeg|png|webp|gif|heic|heif|avif|tiff)$/.exec(media_type)?.[1];
  return kind ? `.${kind === "jpeg" ? "jpg" : kind}` : "";
}
