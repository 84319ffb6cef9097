import type { NetworkClass } from "../../shared/types";

interface Connection {
  effectiveType?: string;
  saveData?: boolean;
}

/** R7: on a slow network only words travel. Browsers that say nothing count as fast. */
export function networkClass(): NetworkClass {
  const connection = (navigator as { connection?: Connection }).connection;
  if (connection?.saveData) return "slow";
  return connection?.effectiveType === "slow-2g" || connection?.effectiveType === "2g" ? "slow" : "fast";
}
