import { useEffect, useRef, useState } from "preact/hooks";
import { JobConflicts } from "../conflicts/job-conflicts";
import { Attachments } from "../files/attachments";
import { t } from "../i18n/tongue";
import { speaker } from "../people/directory";
import { Photos } from "../photos/photos";
import { stamp } from "../time/words";
import { Alert } from "../ui/alert";
import { troubleOf } from "../ui/problem";
import { StateBadge } from "../ui/state-badge";
import { useActing } from "./acting";
import { Details } from "./details";
import { beginDraft, type Draft } from "./draft";
import { EditJob } from "./edit-job";
import { HeadTools } from "./head-tools";
import { History } from "./history";
import { Moves } from "./moves";
import { type Opened, open, opened, refresh } from "./opened";
import { Panel } from "./panel";
import { Pushes } from "./pushes";
import { ReportView } from "./report-view";
import { fieldName } from "./say";

/** The open job: what it is, what can be done with it, what happened to it. */
export function JobPanel({ id }: { id: string }) {
  const [draft, setDraft] = useState<Draft | null>(null);
  const [notice, setNotice] = useState("");
  const zone = useRef<HTMLElement>(null);
  const acting = useActing(() => setNotice(""));
  useEffect(() => {
    open(id);
    return () => document.querySelector<HTMLElement>(`td a[href="/jobs/${id}"]`)?.focus();
  }, [id]);
  const now = opened.value?.id === id ? opened.value : null;
  const job = now?.job;
  const template = job?.template_id ? speaker.value.template(job.template_id) : undefined;
  const here = now?.is === "here" && !draft;
  return (
    <Panel
      zone={zone}
      title={job ? t("job.title", { number: String(job.number) }) : t("job.untitled")}
      badge={job && <StateBadge state={job.state} />}
      tools={
        job &&
        here && (
          <HeadTools
            job={job}
            acting={acting}
            onEdit={() => {
              setNotice("");
              setDraft(beginDraft(job));
            }}
          />
        )
      }
    >
      {now ? <Condition now={now} /> : t("job.loading")}
      <div role="status" class={notice ? "notice good" : ""}>
        {notice}
      </div>
      {job && draft && (
        <EditJob
          job={job}
          draft={draft}
          onDraft={setDraft}
          gone={now?.is === "gone"}
          onDone={(words) => {
            setDraft(null);
            setNotice(words);
          }}
        />
      )}
      {job && here && <Moves job={job} template={template} acting={acting} />}
      <Alert trouble={acting.trouble} name={(pointer) => fieldName(pointer, template, speaker.value)} />
      <JobConflicts cards={now?.conflicts ?? []} />
      {job && !draft && (
        <>
          <Details job={job} />
          <ReportView job={job} />
          <Photos job={job} history={now?.history ?? []} />
        </>
      )}
      {job && now?.is === "here" && <Attachments job={job} zone={zone} />}
      {job && <Pushes pushes={now?.pushes ?? []} />}
      <History changes={now?.history ?? []} templateId={job?.template_id ?? null} />
    </Panel>
  );
}

/** Why the panel holds no job, or one that cannot be trusted. */
function Condition({ now }: { now: Opened }) {
  if (now.is === "loading") return <p>{t("job.loading")}</p>;
  if (now.is === "missing") return <p>{t("job.notFound")}</p>;
  if (now.is === "gone") {
    const last = now.history.at(-1);
    return (
      <div role="alert" class="notice warn">
        {last?.kind === "deleted"
          ? t("job.goneBy", {
              who: last.actor.name ?? t("history.system"),
              when: stamp(last.happened_at, speaker.value.clock),
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
