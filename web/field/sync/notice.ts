import type { Id, Instant, Operation, OperationResult, Problem } from "../../shared/types";
import { type Pending, wire } from "./outbox";

/** Something the worker must be told of work that was sent: it was refused, came late, or lost to another's. */
export interface Notice {
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
    const base = { id: result.id, jobId: operation.job_id, at, operation: wire(operation), fields: [] };
    if (status === "rejected") {
      return [{ ...base, kind: "rejected", ...(result.problem ? { problem: result.problem } : {}) }];
    }
    if (status === "late") return [{ ...base, kind: "late" }];
    if (result.lost?.length) return [{ ...base, kind: "lost", fields: result.lost }];
    if (result.overrode?.length) return [{ ...base, kind: "overrode", fields: result.overrode }];
    return [];
  });
}
