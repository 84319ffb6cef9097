import { useSignal } from "@preact/signals";
import { syncNow } from "../app";
import { discard, network, shelf, wantPhotosNow } from "../carry";
import { bytesOf, type HeldPhoto, unproved } from "../files/held-file";
import { t } from "../i18n";
import { phone, shownJob, templateOf } from "../phone";
import { Dialog } from "../ui/dialog";
import { FileStateLine, heldState, RetryButton, sizeWords } from "../ui/file-state";
import { Link } from "../ui/link";
import { saveAs } from "../ui/save-as";
import { Thumbnail } from "../ui/thumbnail";

/** Every photo that is not proved to be on the server: how large, for which job, why it waits, and what to do. */
export function FilesToSend() {
  const photos = unproved(phone.value?.photos ?? []);
  if (photos.length === 0) return null;
  const now = phone.value?.photosNow ?? false;
  const slow = network.value === "slow" && phone.value?.policy?.files_on !== "any";
  return (
    <section class="card" aria-label={t("files.title")}>
      <h2>{t("files.title")}</h2>
      <p>{t("files.count", { n: photos.length, size: sizeWords(bytesOf(photos)) })}</p>
      {slow && <p class="none">{t(now ? "files.sending-now" : "files.slow")}</p>}
      {slow && !now && (
        <button type="button" class="primary" onClick={() => void sendNow()}>
          {t("files.send-now")}
        </button>
      )}
      <ul class="photos">
        {photos.map((one) => (
          <li key={one.id}>
            <Thumbnail id={one.id} available={false} />
            <Waiting photo={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

async function sendNow(): Promise<void> {
  await wantPhotosNow();
  await syncNow("manual");
}

function Waiting({ photo }: { photo: HeldPhoto }) {
  const job = shownJob(photo.jobId)?.job;
  const field = job && templateOf(job)?.fields?.find((one) => one.key === photo.field);
  const state = heldState(photo);
  const name = field?.name ?? t("work.photo");
  return (
    <div class="about">
      <small>
        {job && (
          <Link to={{ screen: "job", id: job.id }}>{t("job.number", { number: String(job.number) })}</Link>
        )}{" "}
        {name}, {sizeWords(photo.size)}
      </small>
      <FileStateLine state={state} name={name} />
      <span class="tools">
        <RetryButton id={photo.id} state={state} name={name} />
        {state.kind === "refused" && <Decide photo={photo} name={name} />}
      </span>
    </div>
  );
}

/** The server will not have it: it is the worker's to keep or to delete. */
function Decide({ photo, name }: { photo: HeldPhoto; name: string }) {
  const asking = useSignal(false);
  const close = () => {
    asking.value = false;
  };
  return (
    <>
      <button
        type="button"
        aria-label={`${t("file.save")}: ${name}`}
        onClick={async () => saveAs(await shelf().bytes(photo.id, photo.mediaType), `${name}.jpg`)}
      >
        {t("file.save")}
      </button>
      <button
        type="button"
        aria-label={`${t("file.discard")}: ${name}`}
        onClick={() => {
          asking.value = true;
        }}
      >
        {t("file.discard")}
      </button>
      {asking.value && (
        <Dialog title={t("file.discard-title")} onCancel={close}>
          <button type="button" class="primary" onClick={() => void discard(photo.id)}>
            {t("file.discard")}
          </button>
          <button type="button" onClick={close}>
            {t("photo.keep")}
          </button>
        </Dialog>
      )}
    </>
  );
}
