import type { Id, Job, JobState } from "../../shared/types";
import { request } from "../session/session";
import { keepJob } from "./opened";

/** Move a job to another state. Throws ProblemError, Unreachable. */
export async function moveJob(job: Job, to: JobState, resolutionId?: Id): Promise<void> {
  const body = { to, ...(resolutionId && { resolution_id: resolutionId }) };
  keepJob(await request<Job>("POST", `/v1/jobs/${job.id}/state`, { body }));
}
