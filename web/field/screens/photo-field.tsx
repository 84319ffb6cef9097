import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { TemplateField } from "../../shared/types";
import { act } from "../app";
import { pictureOf } from "../files/picture";
import { NotAPicture } from "../files/reduce";
import { t } from "../i18n";
import { phone } from "../phone";
import type { Shown } from "../sync/held";
import { DEFAULT_POLICY } from "../sync/policy";
import { Icon } from "../ui/icon";
import { Photos, photosOf } from "./photos";
import { FieldName, reportFieldId } from "./report-field";

const MOST = 10;

/** A report field of photos: take one, choose some, see each on its way, remove. */
export function PhotoField({ field, shown }: { field: TemplateField; shown: Shown }) {
  const labelId = useId();
  const preparing = useSignal(false);
  const wrong = useSignal<string[]>([]);
  const count = photosOf(shown, field.key).length;

  async function keep(input: HTMLInputElement): Promise<void> {
    const chosen = [...(input.files ?? [])];
    input.value = ""; // the same photo may be chosen again
    const room = MOST - count;
    wrong.value = chosen.length > room ? [t("photo.left-out", { n: chosen.length - room })] : [];
    preparing.value = chosen.length > 0;
    for (const file of chosen.slice(0, Math.max(0, room))) {
      const words = await keepOne(file);
      if (words) wrong.value = [...wrong.value, words];
    }
    preparing.value = false;
  }

  /** Empty, or what went wrong. */
  async function keepOne(file: File): Promise<string> {
    try {
      const picture = await pictureOf(file, field.key, phone.value?.policy ?? DEFAULT_POLICY);
      const saved = await act(shown.job.id, { type: "add_photo", photo: picture.photo }, picture);
      return saved ? "" : t("photo.not-saved", { name: file.name });
    } catch (error) {
      if (!(error instanceof NotAPicture)) console.error(error);
      return t("photo.not-a-picture", { name: file.name });
    }
  }

  return (
    <fieldset class="field photo-field" aria-labelledby={labelId}>
      <legend id={labelId}>
        <FieldName field={field} />
      </legend>
      {count > 0 && <Photos field={field} shown={shown} writable />}
      {count >= MOST ? (
        <p class="none">{t("photo.full", { n: MOST })}</p>
      ) : (
        <div class="sources">
          <Source
            id={reportFieldId(field)}
            icon="camera"
            words={t("photo.take")}
            about={field.name}
            capture
            keep={keep}
          />
          <Source icon="pictures" words={t("photo.choose")} about={field.name} keep={keep} />
        </div>
      )}
      <p role="status" class="none">
        {preparing.value && t("photo.preparing")}
      </p>
      {wrong.value.length > 0 && (
        <p class="error" role="alert">
          {wrong.value.join(" ")}
        </p>
      )}
    </fieldset>
  );
}

interface SourceProps {
  id?: string;
  icon: "camera" | "pictures";
  words: string;
  about: string;
  capture?: boolean;
  keep: (input: HTMLInputElement) => Promise<void>;
}

function Source({ id, icon, words, about, capture, keep }: SourceProps) {
  return (
    <label class="source">
      <Icon name={icon} /> {words}
      <input
        id={id}
        type="file"
        accept="image/*"
        capture={capture ? "environment" : undefined}
        multiple={!capture}
        aria-label={`${words}: ${about}`}
        onChange={(event) => void keep(event.currentTarget)}
      />
    </label>
  );
}
