import { useCallback, useId, useRef, useState } from "preact/hooks";
import type { Attachment, Job } from "../../shared/types";
import { t } from "../i18n/tongue";
import { fileSize } from "../i18n/units";
import { dropAttachment } from "../jobs/opened";
import { speaker } from "../people/directory";
import { request } from "../session/session";
import { Alert } from "../ui/alert";
import { ask } from "../ui/ask";
import { Icon } from "../ui/icons";
import { type Trouble, troubleOf } from "../ui/problem";
import { useDrop } from "./drop";
import { originalUrl } from "./file-url";
import { arrived, attachFiles, MOST, sendingsOf } from "./sending";
import { SendingRow } from "./sending-row";

interface Props {
  job: Job;
  /** Where files may be dropped. */
  zone: { current: HTMLElement | null };
}

/** Files that the desk gives with a job: to add, to fetch, to remove. */
export function Attachments({ job, zone }: Props) {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const title = useId();
  const input = useRef<HTMLInputElement>(null);
  const add = useCallback(
    (files: File[]) => {
      const over = attachFiles(job, files);
      setTrouble(over > 0 ? { summary: t("files.tooMany", { n: over, most: MOST }), fields: {} } : null);
    },
    [job],
  );
  const over = useDrop(zone, add);
  const mine = job.attachments ?? [];
  const coming = sendingsOf(job.id);
  const last = arrived.value;
  return (
    <section aria-labelledby={title} class="attachments">
      <h3 id={title}>{t("job.attachments")}</h3>
      {mine.length > 0 && (
        <ul class="files">
          {mine.map((one) => (
            <Line key={one.id} job={job} one={one} onTrouble={setTrouble} />
          ))}
        </ul>
      )}
      {coming.length > 0 && (
        <ul class="files" aria-label={t("files.sending")}>
          {coming.map((one) => (
            <SendingRow key={one.parcel.id} sending={one} />
          ))}
        </ul>
      )}
      <Alert trouble={trouble} />
      <div role="status" class="aside">
        {last?.jobId === job.id ? t("files.arrived", { name: last.name }) : ""}
      </div>
      <div class="add-file">
        <input
          ref={input}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            add([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = ""; // the same file can be chosen again
          }}
        />
        <button type="button" class="button" onClick={() => input.current?.click()}>
          <Icon name="plus" />
          {t("files.add")}
        </button>
        <span class="soft small">{t("files.dropHint")}</span>
      </div>
      {over && (
        <div class="drop-here" aria-hidden="true">
          {t("files.dropHere")}
        </div>
      )}
    </section>
  );
}

interface LineProps {
  job: Job;
  one: Attachment;
  onTrouble: (trouble: Trouble | null) => void;
}

function Line({ job, one, onTrouble }: LineProps) {
  const [busy, setBusy] = useState(false);
  async function remove() {
    const words = {
      title: t("files.removeTitle"),
      text: t("files.removeText", { name: one.name }),
      yes: t("files.remove"),
      danger: true,
    };
    if (!(await ask(words))) return;
    setBusy(true);
    onTrouble(null);
    try {
      await request("DELETE", `/v1/jobs/${job.id}/attachments/${one.id}`);
      dropAttachment(job.id, one.id);
    } catch (error) {
      onTrouble(troubleOf(error));
      setBusy(false);
    }
  }
  return (
    <li>
      <a href={originalUrl(one.id)} download={one.name}>
        <Icon name="file" />
        <span class="name">{one.name}</span>
      </a>
      <span class="soft small">{fileSize(one.size, speaker.value.tongue)}</span>
      <button
        type="button"
        class="button icon-only quiet small"
        aria-label={t("fields.remove", { what: one.name })}
        title={t("files.remove")}
        disabled={busy}
        onClick={remove}
      >
        <Icon name="trash" />
      </button>
    </li>
  );
}
