import type { Job } from "../../shared/types";
import { t } from "../i18n/tongue";
import { go } from "../route";
import { request } from "../session/session";
import { ask } from "../ui/ask";
import { Icon } from "../ui/icons";
import type { Acting } from "./acting";
import { dropJob } from "./list";

interface Props {
  job: Job;
  acting: Acting;
  onEdit: () => void;
}

/** Edit and delete: possible in every state. */
export function HeadTools({ job, acting, onEdit }: Props) {
  async function remove() {
    if (!(await ask(REMOVE))) return;
    await acting.act(async () => {
      await request("DELETE", `/v1/jobs/${job.id}`);
      dropJob(job.id);
      await go("/");
    });
  }

  return (
    <>
      <button type="button" class="button" disabled={acting.busy} onClick={onEdit}>
        <Icon name="pencil" />
        {t("job.edit")}
      </button>
      <button
        type="button"
        class="button icon-only quiet"
        aria-label={t("actions.remove")}
        title={t("actions.remove")}
        disabled={acting.busy}
        onClick={remove}
      >
        <Icon name="trash" />
      </button>
    </>
  );
}

const REMOVE = {
  title: t("actions.removeTitle"),
  text: t("actions.removeText"),
  yes: t("actions.remove"),
  danger: true,
};
