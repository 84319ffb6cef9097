/**
 * One EventSource that never gives up. The browser's own reconnect handles a closed stream (and honours the
 * server's `retry:`); an error status, which ends a native EventSource for good, and a connection that went
 * silent are ours to handle.
 */

/** One server-sent event. */
export interface Frame {
  event: "change" | "device" | "resync" | "hb";
  /** `<epoch>.<version>`; empty for events that have no place in the history */
  id: string;
  data: string;
}

export type StreamState = "connecting" | "open" | "lost";

export interface StreamHooks {
  frame(frame: Frame): void;
  state(state: StreamState): void;
  /** The server refused: find out whether the session ended. Resolves when it is worth trying again. */
  refused(): Promise<void>;
}

/** Heartbeats come every 20 s; two missed ones mean a half-open connection. */
const SILENCE_MS = 50_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;

const EVENTS: readonly Frame["event"][] = ["change", "device", "resync", "hb"];

export class EventStream {
  #source: EventSource | null = null;
  #pause = FIRST_PAUSE_MS;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** Of the app whose cookie is sent; `position` is where to go on from, null: from now. */
  constructor(
    private readonly app: "console" | "field",
    private position: string | null,
    private readonly hooks: StreamHooks,
  ) {
    this.#open();
  }

  close(): void {
    this.#closed = true;
    this.#drop();
  }

  /** Skip the pause: the network is back or the tab is visible again. */
  hurry(): void {
    if (this.#closed || this.#retry === undefined) return;
    this.#open();
  }

  #drop(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#watchdog);
    this.#retry = undefined;
    this.#source?.close();
    this.#source = null;
  }

  #open(): void {
    this.#drop();
    this.hooks.state("connecting");
    const after = this.position === null ? "" : `&after=${encodeURIComponent(this.position)}`;
    const source = new EventSource(`/v1/events?app=${this.app}${after}`);
    this.#source = source;
    for (const event of EVENTS) {
      source.addEventListener(event, (message: MessageEvent<string>) => {
        this.#heard();
        if (message.lastEventId) this.position = message.lastEventId;
        this.hooks.frame({ event, id: event === "device" ? "" : message.lastEventId, data: message.data });
      });
    }
    source.addEventListener("open", () => this.#watch());
    source.addEventListener("error", () => {
      if (source !== this.#source) return;
      this.hooks.state("lost");
      if (source.readyState === EventSource.CLOSED) void this.#afterRefusal();
    });
    this.#watch();
  }

  #heard(): void {
    this.#pause = FIRST_PAUSE_MS;
    this.#watch();
    this.hooks.state("open");
  }

  #watch(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => {
      this.hooks.state("lost");
      this.#later();
    }, SILENCE_MS);
  }

  async #afterRefusal(): Promise<void> {
    this.#drop();
    await this.hooks.refused();
    if (!this.#closed) this.#later();
  }

  #later(): void {
    this.#drop();
    this.#retry = setTimeout(() => this.#open(), this.#pause * (0.5 + Math.random()));
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
  }
}
