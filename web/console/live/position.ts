/** A place in the account's history: `<epoch>.<version>`. The epoch is opaque text and may hold dots. */

export interface Position {
  epoch: string;
  version: number;
}

export function parsePosition(text: string): Position | null {
  const dot = text.lastIndexOf(".");
  const version = Number(text.slice(dot + 1));
  if (dot < 1 || !Number.isSafeInteger(version) || version < 0) return null;
  return { epoch: text.slice(0, dot), version };
}

export function formatPosition(position: Position): string {
  return `${position.epoch}.${position.version}`;
}

/** The earlier of two, so that whoever goes on from it misses nothing; null when the epochs differ. */
export function earlier(a: string, b: string): string | null {
  const left = parsePosition(a);
  const right = parsePosition(b);
  if (!left || !right || left.epoch !== right.epoch) return null;
  return left.version <= right.version ? a : b;
}
