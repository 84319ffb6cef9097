import { t } from "../i18n/tongue";
import { fileSize } from "../i18n/units";
import { speaker } from "../people/directory";
import { Icon } from "../ui/icons";
import { cancel, type Sending, tryAgain } from "./sending";

/** One file on its way: how far, or why it stopped; it can be given up, and tried again. */
export function SendingRow({ sending }: { sending: Sending }) {
  const { parcel, progress, trouble } = sending;
  const { name, size } = parcel.file;
  return (
    <li class="sending">
      <span class="name">{name}</span>
      <span class="soft small">{fileSize(size, speaker.value.tongue)}</span>
      <button
        type="button"
        class="button icon-only quiet small"
        aria-label={t("files.cancel", { name })}
        title={t("files.cancel", { name })}
        onClick={() => cancel(sending)}
      >
        <Icon name="close" />
      </button>
      {trouble ? (
        <div role="alert" class="notice bad">
          <p>{trouble.summary}</p>
          <button type="button" class="button small" onClick={() => tryAgain(sending)}>
            {t("common.retry")}
          </button>
        </div>
      ) : (
        <>
          <progress aria-label={t("files.progress", { name })} max={size || 1} value={shown(sending)} />
          <span class="soft small">{t(`files.phases.${progress.phase}`, { percent: percent(sending) })}</span>
        </>
      )}
    </li>
  );
}

function shown({ parcel, progress }: Sending): number {
  const { size } = parcel.file;
  switch (progress.phase) {
    case "queued":
    case "reading":
      return 0;
    case "sending":
    case "waiting":
      return progress.done;
    case "attaching":
      return size || 1;
  }
}

function percent({ parcel, progress }: Sending): number {
  return Math.floor((100 * progress.done) / (parcel.file.size || 1));
}
