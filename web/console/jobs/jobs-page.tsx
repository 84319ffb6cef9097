import { useEffect } from "preact/hooks";
import { t } from "../i18n/tongue";
import { route } from "../route";
import { Icon } from "../ui/icons";
import { Link } from "../ui/link";
import { Filters } from "./filters";
import { Groups } from "./groups";
import { JobPanel } from "./job-panel";
import { NewJob } from "./new-job";
import { close } from "./opened";
import { StateStrip } from "./state-strip";

export function JobsPage() {
  const at = route.value;
  const openId = at.page === "jobs" && at.open === "job" ? at.id : null;
  useEffect(() => {
    if (!openId) close();
  }, [openId]);
  return (
    <main id="main" class="jobs" tabIndex={-1}>
      <div class="jobs-list">
        <div class="jobs-head">
          <h1 class="aside">{t("list.title")}</h1>
          <Filters />
          <Link to="/jobs/new" class="button primary">
            <Icon name="plus" />
            {t("list.newJob")}
          </Link>
        </div>
        <StateStrip />
        <Groups selected={openId} />
      </div>
      {openId && <JobPanel key={openId} id={openId} />}
      {at.page === "jobs" && at.open === "new" && <NewJob />}
    </main>
  );
}
