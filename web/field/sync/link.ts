import type { Policy } from "../../shared/types";
import {
  measured,
  type Network,
  networkClass,
  type Platform,
  speedAt,
  type Throughput,
  UNMEASURED,
} from "./network";

interface Connection extends EventTarget {
  type?: string;
  effectiveType?: string;
  saveData?: boolean;
}

const TELLING = 3000;
const VAIN_S = 60;

/** What was measured, as it is kept between the app's contexts and starts. */
export interface KeptLink extends Throughput {
  /** The network that it was measured on, as far as the browser tells networks apart. */
  on: string;
}

/** The link to the server: what the browser says of it, and what transfers measured. */
export class Link {
  private throughput = UNMEASURED;
  private on = "";

  constructor(
    private readonly platform: () => Platform & { name: string } = browserSays,
    readonly now: () => number = () => Date.now() / 1000,
  ) {}

  network(policy: Policy): Network {
    this.forgetAnother();
    return networkClass(this.platform(), this.speed, policy.slow_below_kbit_s);
  }

  /** What the browser alone says. */
  get told(): Network {
    return networkClass(this.platform(), null, 0);
  }

  get speed(): number | null {
    return speedAt(this.throughput, this.now());
  }

  /** A transfer went by. */
  noted(bytes: number, seconds: number): void {
    this.forgetAnother();
    this.throughput = measured(this.throughput, bytes, seconds, this.now());
  }

  /** A transfer was made or watched to learn how the link is now: what was before does not count. */
  tried(bytes: number, seconds: number): void {
    this.forgetAnother();
    const fresh = measured(UNMEASURED, bytes, seconds, this.now());
    if (fresh !== UNMEASURED) this.throughput = fresh;
  }

  /** What should have come through did not. */
  triedInVain(): void {
    this.tried(TELLING, VAIN_S);
  }

  /** What another tab, or the service worker, measured later than this one did. */
  adopt(kept: KeptLink | null): void {
    this.forgetAnother();
    if (kept && kept.on === this.on && kept.measuredAt > this.throughput.measuredAt) this.throughput = kept;
  }

  kept(): KeptLink {
    return { ...this.throughput, on: this.on };
  }

  /** Another network: what was measured on the last one says nothing now. */
  private forgetAnother(): void {
    const { name } = this.platform();
    if (name === this.on) return;
    this.on = name;
    this.throughput = UNMEASURED;
  }
}

/** `effectiveType` sways with the round trip on one and the same network: only 2G tells another one. */
function browserSays(): Platform & { name: string } {
  const connection = browserConnection();
  const effectiveType = connection?.effectiveType;
  const is2G = effectiveType?.endsWith("2g") ? "2g" : "";
  return {
    online: navigator.onLine,
    effectiveType,
    saveData: connection?.saveData ?? false,
    name: `${navigator.onLine} ${connection?.type ?? ""} ${is2G}`,
  };
}

/** Where the browser has it: tells when the network becomes another one. */
export function browserConnection(): Connection | undefined {
  return (navigator as { connection?: Connection }).connection;
}
