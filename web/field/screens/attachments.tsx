import { useSignal } from "@preact/signals";
import type { Attachment, Job } from "../../shared/types";
import { syncNow } from "../app";
import { shelf, wantAttachmentNow } from "../carry";
import { t } from "../i18n";
import { phone } from "../phone";
import { FileStateLine, heldState, sizeWords } from "../ui/file-state";
import { Icon } from "../ui/icon";
import { show } from "../ui/save-as";
import { Viewer } from "../ui/viewer";

/** What the desk attached (R2): names and sizes at once, the files when the network carries them. */
export function Attachments({ job }: { job: Job }) {
  const attached = job.attachments ?? [];
  if (attached.length === 0) return null;
  return (
    <section class="card" aria-label={t("files.attachments")}>
      <h2>{t("files.attachments")}</h2>
      <ul class="attachments">
        {attached.map((one) => (
          <li key={one.id}>
            <One attachment={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function One({ attachment: { id, name, size, media_type } }: { attachment: Attachment }) {
  const viewing = useSignal(false);
  const held = phone.value?.attachments.find((one) => one.id === id);
  const state = held && heldState(held);
  const here = held?.held ?? false;
  const load = () => shelf().bytes(id, media_type);

  async function open(): Promise<void> {
    if (media_type.startsWith("image/") && media_type !== "image/svg+xml") viewing.value = true;
    else show(await load(), name);
  }

  async function download(): Promise<void> {
    await wantAttachmentNow(id);
    await syncNow("manual");
  }

  return (
    <>
      <Icon name="paper" />
      <div class="about">
        <span class="name">{name}</span>
        <small>{sizeWords(size)}</small>
        {state && <FileStateLine state={state} name={name} />}
      </div>
      {here && (
        <button type="button" aria-label={`${t("file.open")}: ${name}`} onClick={() => void open()}>
          {t("file.open")}
        </button>
      )}
      {!here && state?.kind !== "moving" && !held?.wanted && (
        <button type="button" aria-label={`${t("file.download")}: ${name}`} onClick={() => void download()}>
          {t("file.download")}
        </button>
      )}
      {viewing.value && (
        <Viewer
          title={name}
          load={load}
          close={() => {
            viewing.value = false;
          }}
        />
      )}
    </>
  );
}
