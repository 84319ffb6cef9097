import { Link } from "../sync/link";
import { TestPhone } from "../sync/test-phone";
import { type LaneEnd, moveFiles, type Progress } from "./lane";
import { ARRIVES, type FileFate, ModelFiles } from "./model-files";

/** A phone on a fast network, with a server that takes files; made anew by `unpack` before each test. */
export let phone: TestPhone;
export let files: ModelFiles;
export let told: (Progress | null)[];
let link: Link;
let says: { effectiveType: string; name: string };

export async function unpack(): Promise<void> {
  phone = await TestPhone.unpack();
  files = new ModelFiles(phone.server);
  phone.server.hasContent = (sha256) => files.contents.has(sha256);
  browserSays("4g", "wifi");
  link = new Link(
    () => ({ online: true, saveData: false, ...says }),
    () => files.time / 1000,
  );
  told = [];
  await phone.sync();
}

export function browserSays(effectiveType: string, name: string): void {
  says = { effectiveType, name };
}

export function run(stop: AbortSignal = new AbortController().signal): Promise<LaneEnd> {
  return moveFiles(phone.store, link, (progress) => told.push(progress), stop, files);
}

/** A sync, the lane after it, and the sync that hears of what was sent. */
export async function syncAndMove(): Promise<LaneEnd> {
  await phone.sync();
  const end = await run();
  if (end.sent > 0) await phone.sync();
  return end;
}

export function later(seconds: number): void {
  files.time += seconds * 1000;
}

/** These fates in turn for requests of a method, then everything arrives. */
export function fates(method: string, ...list: FileFate[]): void {
  files.fate = (asked) => (asked === method ? (list.shift() ?? ARRIVES) : ARRIVES);
}

export async function held() {
  return (await phone.store.read()).photos;
}

export function states(): string[] {
  return (phone.server.job("job")?.photos ?? []).map((one) => one.state);
}
