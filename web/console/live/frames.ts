/** What the event stream says, and which frames a tab still needs. Pure. */
import type { Frame } from "../../shared/event-stream";
import { parsePosition } from "./position";

/** The last changes seen, so that a tab that joins later can be brought up to date without the server. */
export class FrameRing {
  #frames: Frame[] = [];
  /** Everything after this position is held. */
  #from: string;

  constructor(
    from: string,
    private readonly size = 1000,
  ) {
    this.#from = from;
  }

  push(frame: Frame): void {
    this.#frames.push(frame);
    if (this.#frames.length <= this.size) return;
    const dropped = this.#frames.splice(0, this.#frames.length - this.size);
    this.#from = dropped[dropped.length - 1]?.id ?? this.#from;
  }

  /** Forget everything: what is held starts at this position. */
  reset(from: string): void {
    this.#frames = [];
    this.#from = from;
  }

  /** The changes after a position, or null when the ring does not reach back to it. */
  after(text: string): Frame[] | null {
    const wanted = parsePosition(text);
    const start = parsePosition(this.#from);
    if (!wanted || !start || wanted.epoch !== start.epoch || wanted.version < start.version) return null;
    return this.#frames.filter((frame) => (parsePosition(frame.id)?.version ?? 0) > wanted.version);
  }
}

/**
 * What a tab at `position` does with a change frame: versions are gapless, so the next one is applied,
 * an older one is already known, and anything else means that something was missed.
 */
export function judge(position: string, frame: Frame): "apply" | "known" | "gap" {
  const at = parsePosition(position);
  const next = parsePosition(frame.id);
  if (!at || !next || at.epoch !== next.epoch) return "gap";
  if (next.version <= at.version) return "known";
  return next.version === at.version + 1 ? "apply" : "gap";
}
