/** Now with the phone's offset: `2026-11-24T10:02:03.000+03:00`. */
export function nowWithOffset(now: Date = new Date()): string {
  const minutes = -now.getTimezoneOffset();
  const local = new Date(now.getTime() + minutes * 60_000).toISOString().slice(0, 23);
  const sign = minutes < 0 ? "-" : "+";
  const ahead = Math.abs(minutes);
  return `${local}${sign}${pad(Math.floor(ahead / 60))}:${pad(ahead % 60)}`;
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
