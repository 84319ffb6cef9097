import { useState } from "preact/hooks";
import type { Photo } from "../../shared/types";
import { previewUrl } from "../files/file-url";
import { isKey, t } from "../i18n/tongue";
import { fileSize } from "../i18n/units";
import { speaker } from "../people/directory";
import { stamp } from "../time/words";
import { Icon } from "../ui/icons";
import type { Origin } from "./by-field";

/** Pixels of a thumbnail, sharp on a dense screen. */
const SIZE = 320;

interface Props {
  photo: Photo;
  /** "Meter, photo 1 of 3" */
  name: string;
  origin: Origin;
  onOpen: () => void;
}

/** One photo, small: the picture, or why there is none yet. */
export function Tile({ photo, name, origin, onOpen }: Props) {
  const { tongue, clock } = speaker.value;
  const size = fileSize(photo.size, tongue);
  const when = origin.at && stamp(origin.at, clock);
  switch (photo.state) {
    case "available":
      return <Thumbnail photo={photo} name={when ? `${name}, ${when}` : name} onOpen={onOpen} />;
    case "expected":
      return (
        <div class="tile expected">
          <Icon name="phone" />
          <span class="aside">{name}: </span>
          <span>{when ? t("photos.onPhoneSince", { when }) : t("photos.onPhone")}</span>
          <span class="soft">{size}</span>
        </div>
      );
    case "failed":
      return (
        <div class="tile failed">
          <Icon name="close" />
          <span class="aside">{name}: </span>
          <span>{t("photos.failed")}</span>
          <span>{sayReason(photo.reason)}</span>
          <span class="soft">{size}</span>
        </div>
      );
  }
}

/** `too-large`, `quota-exceeded` or `lost` in words; another one as it is. */
export function sayReason(reason: string | null | undefined): string {
  const key = `photos.reasons.${reason}`;
  return isKey(key) ? t(key) : (reason ?? "");
}

function Thumbnail({ photo, name, onOpen }: { photo: Photo; name: string; onOpen: () => void }) {
  const [broken, setBroken] = useState(false);
  return (
    <button type="button" class="tile" onClick={onOpen} title={name}>
      {broken ? (
        <>
          <Icon name="camera" />
          <span class="aside">{name}: </span>
          <span>{t("photos.noPreview")}</span>
        </>
      ) : (
        <img
          src={previewUrl(photo.id, SIZE)}
          alt={name}
          loading="lazy"
          decoding="async"
          onError={() => setBroken(true)}
        />
      )}
    </button>
  );
}
