import type { Tongue } from "./tongue";

/** 90 → "1 h 30 min". */
export function duration(minutes: number, { t }: Tongue): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const parts: string[] = [];
  if (hours > 0) parts.push(t("unit.hours", { n: hours }));
  if (rest > 0 || hours === 0) parts.push(t("unit.minutes", { n: rest }));
  return parts.join(" ");
}

/** 8100000 → "8.1 MB", 812345 → "0.8 MB", 45000 → "45 kB". */
export function fileSize(bytes: number, { t }: Tongue): string {
  if (bytes < 1000) return t("unit.bytes", { n: bytes });
  if (bytes < 100_000) return t("unit.kilobytes", { n: Math.round(bytes / 1000) });
  return t("unit.megabytes", { n: Math.round(bytes / 100_000) / 10 });
}
