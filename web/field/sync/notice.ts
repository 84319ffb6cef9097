import type { Id, Instant, Operation, OperationResult, Problem } from "../../shared/types";
import { type Pending, wire } from "./outbox";

/** Something the worker must be told of work that was sent: it was refused, came late, or lost to another's. */
export interface Notice {
  /** The operation's. */
  id: Id;
  kind: "rejected" | "late" | "lost" | "overrode";
  jobId: Id;
  at: Instant;
  /** What was typed: it stays readable. */
  operation: Operation;
  fields: string[];
  problem?: Problem;
}

/** The notices that results give rise to; most give none. */
export function noticesOf(
  results: readonly OperationResult[],
  sent: readonly Pending[],
  at: Instant,
): Notice[] {
  const byId = new Map(sent.map((one) => [one.id, one]));
  return results.flatMap((result): Notice[] => {
    const operation = byId.get(result.id);
    if (!operation) return [];
    const status = result.status === "duplicate" ? result.original_status : result.status;
    if (status === "rejected") return [notice(operation, "rejected", at, [], result.problem)];
    if (status === "late") return [notice(operation, "late", at)];
    if (result.lost?.length) return [notice(operation, "lost", at, result.lost)];
    if (result.overrode?.length) return [notice(operation, "overrode", at, result.overrode)];
    return [];
  });
}

/** The notice of an operation that was refused with its whole request. */
export function refusal(operation: Pending, problem: Problem, at: Instant): Notice {
  return notice(operation, "rejected", at, [], problem);
}

function notice(
  operation: Pending,
  kind: Notice["kind"],
  at: Instant,
  fields: string[] = [],
  problem?: Problem | null,
): Notice {
  return {
    id: operation.id,
    kind,
    jobId: operation.job_id,
    at,
    operation: wire(operation),
    fields,
    ...(problem ? { problem } : {}),
  };
}
