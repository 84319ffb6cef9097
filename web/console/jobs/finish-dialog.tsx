import { useState } from "preact/hooks";
import type { Job, Template } from "../../shared/types";
import { t } from "../i18n/tongue";
import { speaker } from "../people/directory";
import { Alert } from "../ui/alert";
import { Dialog } from "../ui/dialog";
import { type Trouble, troubleOf } from "../ui/problem";
import { moveJob } from "./move";
import { fieldName } from "./say";

interface Props {
  job: Job;
  template: Template | undefined;
  onClose: () => void;
}

/** How the work ended, by the template's resolutions. */
export function FinishDialog({ job, template, onClose }: Props) {
  const [chosen, setChosen] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);

  async function submit(event: Event) {
    event.preventDefault();
    setBusy(true);
    setTrouble(null);
    try {
      await moveJob(job, "finished", chosen);
      onClose();
    } catch (error) {
      setTrouble(troubleOf(error));
      setBusy(false);
    }
  }

  return (
    <Dialog title={t("actions.finishTitle")} onCancel={onClose}>
      <form onSubmit={submit}>
        <fieldset class="choices">
          <legend>{t("actions.finishText")}</legend>
          {template?.resolutions?.map((one) => (
            <label key={one.id}>
              <input
                type="radio"
                name="resolution"
                required
                value={one.id}
                checked={chosen === one.id}
                onChange={() => setChosen(one.id)}
              />
              {one.name}
              <span class="soft">{t(one.successful ? "actions.successful" : "actions.unsuccessful")}</span>
            </label>
          ))}
        </fieldset>
        <Alert trouble={trouble} name={(pointer) => fieldName(pointer, template, speaker.value)} />
        <div class="buttons end">
          <button type="button" class="button" onClick={onClose}>
            {t("actions.back")}
          </button>
          <button type="submit" class="button primary" disabled={busy}>
            {t("actions.finish")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
