/**
 * One stream per browser. Seven EventSources over HTTP/1.1 would block every other request of the browser, so
 * the tab that holds a Web Lock owns the stream and passes its frames on; when that tab goes, the next one takes
 * over from where it stands. Without locks (plain HTTP to another host) every tab has its own stream.
 */
import { EventStream, type Frame, type StreamState } from "../../shared/event-stream";
import { FrameRing, judge } from "./frames";

export interface LiveHooks {
  frame(frame: Frame): void;
  state(state: StreamState): void;
  /** Something was missed: load everything anew and answer the position it was read at. */
  reload(): Promise<string>;
  refused(): Promise<void>;
}

type Message =
  | { kind: "frame"; frame: Frame }
  | { kind: "state"; state: StreamState }
  | { kind: "leader" }
  | { kind: "join"; tab: string; position: string }
  | { kind: "replay"; tab: string; frames: Frame[] | null; state: StreamState };

export class SharedStream {
  readonly #tab = Array.from(crypto.getRandomValues(new Uint32Array(3))).join("-");
  readonly #channel: BroadcastChannel | null;
  readonly #ring: FrameRing;
  readonly #release = new AbortController();
  #stream: EventStream | null = null;
  #state: StreamState = "connecting";
  #joined = false;

  /** `name` tells sessions of different people apart; `position` is where the data on the page was read. */
  constructor(
    name: string,
    private position: string,
    private readonly hooks: LiveHooks,
  ) {
    this.#ring = new FrameRing(position);
    const shared = typeof BroadcastChannel !== "undefined" && navigator.locks !== undefined;
    this.#channel = shared ? new BroadcastChannel(name) : null;
    if (!this.#channel) {
      this.#lead();
      return;
    }
    this.#channel.onmessage = (message: MessageEvent<Message>) => this.#hear(message.data);
    this.#join();
    navigator.locks
      .request(name, { signal: this.#release.signal }, () => {
        this.#lead();
        return new Promise<void>((done) => {
          this.#release.signal.addEventListener("abort", () => done());
        });
      })
      .catch((reason: unknown) => {
        if (!this.#release.signal.aborted) throw reason;
      });
  }

  /** The changes this tab has heard since a position; null when it does not know them all. */
  since(position: string): Frame[] | null {
    return this.#ring.after(position);
  }

  hurry(): void {
    this.#stream?.hurry();
  }

  close(): void {
    this.#release.abort();
    this.#stream?.close();
    this.#channel?.close();
  }

  #say(message: Message): void {
    this.#channel?.postMessage(message);
  }

  #lead(): void {
    this.#joined = true;
    this.#stream = new EventStream("console", this.position, {
      frame: (frame) => {
        this.#say({ kind: "frame", frame });
        void this.#take(frame);
      },
      state: (state) => {
        this.#setState(state);
        this.#say({ kind: "state", state });
      },
      refused: () => this.hooks.refused(),
    });
    this.#say({ kind: "leader" });
  }

  #join(): void {
    this.#joined = false;
    this.#say({ kind: "join", tab: this.#tab, position: this.position });
  }

  #hear(message: Message): void {
    switch (message.kind) {
      case "frame":
        if (this.#joined) void this.#follow(message.frame);
        return;
      case "state":
        if (this.#joined) this.#setState(message.state);
        return;
      case "leader":
        this.#join();
        return;
      case "join":
        if (!this.#stream) return;
        this.#say({
          kind: "replay",
          tab: message.tab,
          frames: this.#ring.after(message.position),
          state: this.#state,
        });
        return;
      case "replay":
        if (message.tab !== this.#tab || this.#stream) return;
        if (message.frames === null) {
          void this.#missed();
          return;
        }
        this.#joined = true;
        for (const frame of message.frames) void this.#take(frame);
        this.#setState(message.state);
        return;
    }
  }

  #follow(frame: Frame): Promise<void> | void {
    if (frame.event === "device" || frame.event === "resync") return this.#take(frame);
    const verdict = judge(this.position, frame);
    if (frame.event === "hb") {
      if (verdict !== "known") this.#join();
      return;
    }
    if (verdict === "apply") return this.#take(frame);
    if (verdict === "gap") this.#join();
  }

  async #take(frame: Frame): Promise<void> {
    if (frame.event === "resync") {
      this.#ring.reset(frame.id);
      this.position = frame.id;
      await this.hooks.reload();
      return;
    }
    if (frame.id) this.position = frame.id;
    if (frame.event === "change") this.#ring.push(frame);
    this.hooks.frame(frame);
  }

  /** A tab that cannot be brought up to date by the others reads everything anew and joins again. */
  async #missed(): Promise<void> {
    this.position = await this.hooks.reload();
    this.#ring.reset(this.position);
    this.#join();
  }

  #setState(state: StreamState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.hooks.state(state);
  }
}
