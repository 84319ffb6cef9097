import { type Api, NotSignedIn, ProblemError, Unreachable } from "../../shared/api";
import type {
  Id,
  Job,
  Operation,
  OperationResult,
  PartialJob,
  Photo,
  SyncRequest,
  WholeJob,
} from "../../shared/types";

/** What happens to a request on its way. */
export type Fate = "arrives" | "request lost" | "answer lost" | "signed out" | "unavailable";

type News = WholeJob | PartialJob;

/**
 * A server for tests, small enough to be read: exactly-once operations, a feed of jobs with one version for
 * all, cursors that expire, pages. It speaks the protocol, and knows nothing of the phone's inside.
 */
export class ModelServer {
  fate: () => Fate = () => "arrives";
  readonly requests: { method: string; body?: SyncRequest }[] = [];
  /** In the order they were applied; each id once. */
  readonly applied: Operation[] = [];
  lastSeq = 0;
  mostOperations = 500;
  pageOf = 100;
  /** Whether the bytes of a photo are here already; tests of files say when. */
  hasContent: (sha256: string) => boolean = () => false;
  private readonly removedPhotos = new Map<Id, Id[]>();
  private head = 0;
  private epoch = "a";
  private readonly jobs = new Map<Id, Job>();
  private readonly changed = new Map<Id, { version: number; fields: Map<string, number> }>();
  private readonly removed = new Map<Id, number>();
  private readonly receipts = new Map<Id, OperationResult>();
  private readonly byNumber = new Map<number, Id>();
  /** How the next operations end, by id; the others are applied. */
  readonly verdicts = new Map<Id, Partial<OperationResult>>();

  /** The desk writes a job. */
  put(id: Id, fields: Partial<Job>): void {
    const old = this.jobs.get(id);
    this.head += 1;
    const fresh = { id, number: 1, state: "published", created_at: "", updated_at: "", ...old, ...fields };
    this.jobs.set(id, { ...fresh, version: this.head } as Job);
    const times = this.changed.get(id)?.fields ?? new Map<string, number>();
    for (const name of Object.keys(old ? fields : fresh)) times.set(name, this.head);
    this.changed.set(id, { version: this.head, fields: times });
    this.removed.delete(id);
  }

  job(id: Id): Job | undefined {
    return this.jobs.get(id);
  }

  /** The desk takes a job away. */
  remove(id: Id): void {
    this.head += 1;
    this.jobs.delete(id);
    this.changed.delete(id);
    this.removed.set(id, this.head);
  }

  /** Restored from a backup: another history, and the phone's last numbers are not in it. */
  restore(lastSeq: number): void {
    this.epoch += "a";
    this.lastSeq = lastSeq;
    for (const [seq, id] of this.byNumber) {
      if (seq <= lastSeq) continue;
      this.byNumber.delete(seq);
      this.receipts.delete(id);
    }
  }

  readonly request = (async (method: string, _path: string, options: Parameters<Api>[2] = {}) => {
    const body = options.body as SyncRequest | undefined;
    this.requests.push(body ? { method, body } : { method });
    const fate = this.fate();
    if (fate === "request lost") throw new Unreachable("lost");
    if (fate === "signed out") throw new NotSignedIn(problem("unauthenticated", 401));
    if (fate === "unavailable") throw new ProblemError(problem("unavailable", 503), 30);
    const cursor = (body ? body.cursor : options.query?.["cursor"]) as string | null | undefined;
    const answer = this.answer(body, cursor ?? null);
    if (fate === "answer lost") throw new Unreachable("lost");
    return structuredClone(answer);
  }) as Api;

  private answer(body: SyncRequest | undefined, cursor: string | null) {
    const [epoch, version] = cursor?.split(".") ?? [];
    if (cursor && epoch !== this.epoch) throw new ProblemError(problem("cursor-expired", 410));
    const results = this.apply(body?.operations ?? []);
    const news = body?.have ? this.differences(body.have) : this.page(cursor ? Number(version) : 0);
    if (!body && cursor && news.jobs.length === 0 && news.removed.length === 0) return undefined;
    return {
      cursor: `${this.epoch}.${news.reached}`,
      acknowledged: this.lastSeq,
      more: news.more,
      server_time: "2026-11-24T07:00:00Z",
      results,
      jobs: news.jobs,
      removed: news.removed,
    };
  }

  private apply(operations: readonly Operation[]): OperationResult[] {
    if (operations.length > this.mostOperations) throw new ProblemError(problem("too-large", 413));
    let expected = this.lastSeq + 1;
    for (const one of operations) {
      const known = this.byNumber.get(one.seq);
      if (one.seq <= this.lastSeq && known !== one.id) throw this.misnumbered("operation-mismatch");
      if (one.seq > this.lastSeq && one.seq !== expected++) throw this.misnumbered("operation-gap");
    }
    return operations.map((one) => this.applyOne(one));
  }

  private applyOne(one: Operation): OperationResult {
    const receipt = this.receipts.get(one.id);
    if (one.seq > this.lastSeq) {
      this.lastSeq = one.seq;
      this.byNumber.set(one.seq, one.id);
    }
    if (receipt) {
      const { status } = receipt;
      return {
        ...receipt,
        seq: one.seq,
        status: "duplicate",
        original_status: status === "duplicate" ? null : status,
      };
    }
    const verdict = this.verdicts.get(one.id) ?? {};
    const result: OperationResult = { seq: one.seq, id: one.id, status: "applied", ...verdict };
    this.receipts.set(one.id, result);
    this.applied.push(one);
    const job = this.jobs.get(one.job_id);
    if (job && result.status === "applied") {
      if (one.type === "set_state") this.put(one.job_id, { state: one.state });
      if (one.type === "set_report") this.put(one.job_id, { report: { ...job.report, ...one.fields } });
      if (one.type === "add_photo") this.addPhoto(job, one.photo);
      if (one.type === "remove_photo") this.removePhoto(job, one.photo_id);
    }
    return result;
  }

  private addPhoto(job: Job, photo: Omit<Photo, "state" | "reason">): void {
    const state = this.hasContent(photo.sha256) ? "available" : "expected";
    this.put(job.id, { photos: [...(job.photos ?? []), { ...photo, state }] });
  }

  /** Also as another phone does it. */
  removePhoto(job: Job, photoId: Id): void {
    this.removedPhotos.set(job.id, [...(this.removedPhotos.get(job.id) ?? []), photoId]);
    this.put(job.id, { photos: (job.photos ?? []).filter((one) => one.id !== photoId) });
  }

  private page(since: number) {
    const rows = [
      ...[...this.changed].map(([id, { version }]) => ({ id, version, gone: false })),
      ...[...this.removed].map(([id, version]) => ({ id, version, gone: true })),
    ]
      .filter((row) => row.version > since)
      .sort((a, b) => a.version - b.version);
    const page = rows.slice(0, this.pageOf);
    const more = rows.length > page.length;
    return {
      jobs: page.filter((row) => !row.gone).map((row) => this.news(row.id, since)),
      removed: page.filter((row) => row.gone).map((row) => row.id),
      reached: more ? (page.at(-1)?.version ?? 0) : this.head,
      more,
    };
  }

  private differences(have: Record<Id, number>) {
    const jobs = [...this.jobs.values()].filter((job) => (have[job.id] ?? 0) < job.version);
    return {
      jobs: jobs.map((job) => this.news(job.id, have[job.id] ?? 0)),
      removed: Object.keys(have).filter((id) => !this.jobs.has(id)),
      reached: this.head,
      more: false,
    };
  }

  private news(id: Id, since: number): News {
    const job = this.jobs.get(id) as Job;
    const times = this.changed.get(id)?.fields ?? new Map<string, number>();
    if ((times.get("number") ?? 0) > since) return { ...job, complete: true };
    const fields = Object.entries(job).filter(([name]) => (times.get(name) ?? 0) > since);
    const members = Object.fromEntries(fields);
    const gone = (this.removedPhotos.get(id) ?? []).map((one) => ({ id: one, removed: true }));
    if (members["photos"]) members["photos"] = [...(members["photos"] as Photo[]), ...gone];
    return { ...members, id, version: job.version, complete: false } as News;
  }

  private misnumbered(slug: string): ProblemError {
    return new ProblemError({ ...problem(slug, 409), last_seq: this.lastSeq });
  }
}

function problem(slug: string, status: number) {
  return { type: `urn:naryad:problem:${slug}`, title: slug, status };
}
