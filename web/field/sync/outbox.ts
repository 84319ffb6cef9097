import type { Id, Intent, Operation, OperationResult, Values } from "../../shared/types";

/** An operation in the outbox. Once `sent` it may have arrived: it is never changed again. */
export type Pending = Operation & { sent?: boolean };

/** What a new operation needs beside its intent. */
export interface Making {
  id: Id;
  jobId: Id;
  /** The version of the job as the phone holds it now. */
  baseVersion: number;
  happenedAt: string;
  /** The last number that the server has acknowledged. */
  lastSeq: number;
}

/**
 * The outbox with one more intent. A further edit of a report field that has not been sent
 * joins the operation that waits for it; everything else becomes an operation of its own.
 */
export function add(outbox: readonly Pending[], intent: Intent, making: Making): Pending[] {
  const last = outbox.at(-1);
  if (intent.type === "set_report") {
    const waiting = outbox.find((one) => joins(one, making.jobId, intent.fields));
    if (waiting?.type === "set_report") {
      const joined = {
        ...waiting,
        fields: { ...waiting.fields, ...intent.fields },
        happened_at: making.happenedAt,
      };
      return outbox.map((one) => (one === waiting ? joined : one));
    }
  }
  const seq = Math.max(making.lastSeq, last?.seq ?? 0) + 1;
  const made = {
    seq,
    id: making.id,
    job_id: making.jobId,
    base_version: making.baseVersion,
    happened_at: making.happenedAt,
    ...intent,
  };
  return [...outbox, made];
}

function joins(one: Pending, jobId: Id, fields: Values): boolean {
  if (one.sent || one.type !== "set_report" || one.job_id !== jobId) return false;
  return Object.keys(fields).every((key) => key in one.fields);
}

/** What is left when the server has acknowledged: only what it knows by number and by id goes. */
export function acknowledge(
  outbox: readonly Pending[],
  acknowledged: number,
  results: readonly OperationResult[],
): Pending[] {
  const known = new Set(results.map((one) => one.id));
  return outbox.filter((one) => one.seq > acknowledged || !known.has(one.id));
}

/** After `operation-gap` or `operation-mismatch`: numbers go on from the server's last, ids stay. */
export function renumber(outbox: readonly Pending[], lastSeq: number): Pending[] {
  return outbox.map((one, place) => ({ ...one, seq: lastSeq + 1 + place }));
}

/** As it travels: without what is the phone's own note. */
export function wire(pending: Pending): Operation {
  const { sent: _, ...operation } = pending;
  return operation;
}
