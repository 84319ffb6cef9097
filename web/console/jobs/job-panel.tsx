import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/tongue";
import { speaker } from "../people/directory";
import { go } from "../route";
import { stamp } from "../time/words";
import { Alert } from "../ui/alert";
import { Icon } from "../ui/icons";
import { troubleOf } from "../ui/problem";
import { StateBadge } from "../ui/state-badge";
import { Actions } from "./actions";
import { Details } from "./details";
import { beginDraft, type Draft } from "./draft";
import { EditJob } from "./edit-job";
import { History } from "./history";
import { type Opened, open, opened, refresh } from "./opened";
import { Pushes } from "./pushes";
import { ReportView } from "./report-view";

/** The open job: what it is, what can be done with it, what happened to it. */
export function JobPanel({ id }: { id: string }) {
  const [draft, setDraft] = useState<Draft | null>(null);
  const [notice, setNotice] = useState("");
  useEffect(() => open(id), [id]);
  const now = opened.value;
  if (!now || now.id !== id || now.is === "loading")
    return <Panel title={t("job.untitled")}>{t("job.loading")}</Panel>;
  const { job } = now;
  const title = job ? t("job.title", { number: String(job.number) }) : t("job.untitled");
  return (
    <Panel title={title} badge={job && <StateBadge state={job.state} />}>
      <Condition now={now} />
      <div role="status" class={notice ? "notice good" : ""}>
        {notice}
      </div>
      {job && draft && (
        <EditJob
          job={job}
          draft={draft}
          onDraft={setDraft}
          gone={now.is === "gone"}
          onDone={(words) => {
            setDraft(null);
            setNotice(words);
          }}
        />
      )}
      {job && !draft && (
        <>
          {now.is === "here" && (
            <Actions
              job={job}
              onEdit={() => {
                setNotice("");
                setDraft(beginDraft(job));
              }}
              onDone={() => setNotice("")}
            />
          )}
          <Details job={job} />
          <ReportView job={job} />
        </>
      )}
      <Pushes pushes={now.pushes} />
      <History changes={now.history} templateId={job?.template_id ?? null} />
    </Panel>
  );
}

interface PanelProps {
  title: string;
  badge?: ComponentChildren;
  children: ComponentChildren;
}

/** The frame beside the list, also of a new job. */
export function Panel({ title, badge, children }: PanelProps) {
  return (
    <section class="panel" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {badge}
        <button
          type="button"
          class="button icon-only quiet"
          aria-label={t("job.close")}
          onClick={() => go("/")}
        >
          <Icon name="close" />
        </button>
      </header>
      <div class="panel-body">{children}</div>
    </section>
  );
}

/** Why the panel cannot be trusted or does not hold a job. */
function Condition({ now }: { now: Opened }) {
  if (now.is === "missing") return <p>{t("job.notFound")}</p>;
  if (now.is === "gone") {
    const last = now.history.at(-1);
    const by = last?.kind === "deleted" ? last : null;
    return (
      <div role="alert" class="notice warn">
        {by
          ? t("job.goneBy", {
              who: by.actor.name ?? t("history.system"),
              when: stamp(by.happened_at, speaker.value.clock),
            })
          : t("job.gone")}
      </div>
    );
  }
  if (now.failure === null) return null;
  return (
    <>
      <Alert trouble={troubleOf(now.failure)} />
      <button type="button" class="button" onClick={refresh}>
        {t("common.retry")}
      </button>
    </>
  );
}
