/** A burst of changes is answered by one reading. */
export const SOON_MS = 400;
/** Two readings are never closer. */
export const APART_MS = 3_000;
/** A refusal is no change of the account, so no event tells of it. */
export const EVERY_MS = 60_000;

/**
 * When to read something anew that no event carries: soon after a change, once for many, and every minute;
 * only while somebody looks. One reading at a time.
 */
export class Pace {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  #reading = false;
  #owed = false;

  constructor(
    private readonly read: () => Promise<void>,
    private readonly isSeen: () => boolean,
  ) {}

  /** Something may have changed. */
  hear(): void {
    if (this.#reading || !this.isSeen()) this.#owed = true;
    else this.#plan(Math.max(Date.now() + SOON_MS, this.#last + APART_MS));
  }

  /** The page is looked at again. */
  seen(): void {
    if (this.#owed) this.hear();
  }

  #plan(due: number): void {
    if (due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => void this.#go(), Math.max(0, due - Date.now()));
  }

  async #go(): Promise<void> {
    this.#due = Number.POSITIVE_INFINITY;
    if (!this.isSeen()) {
      this.#owed = true;
      return;
    }
    this.#reading = true;
    this.#owed = false;
    try {
      await this.read();
    } catch (error) {
      console.warn("it will be read again later", error);
    } finally {
      this.#reading = false;
      this.#last = Date.now();
      this.#plan(this.#last + EVERY_MS);
      if (this.#owed) this.hear();
    }
  }
}
