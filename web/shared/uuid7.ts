let lastMs = 0;
let count = 0;

/** A UUIDv7 (RFC 9562 §5.7, §6.2 method 1): ids that sort in the order they were made here. */
export function uuid7(now: number = Date.now()): string {
  count = now > lastMs ? 0 : count + 1;
  lastMs = Math.max(now, lastMs) + (count > 0xfff ? 1 : 0);
  count %= 0x1000;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let place = 0; place < 6; place++) bytes[place] = Math.floor(lastMs / 2 ** (8 * (5 - place))) % 256;
  bytes[6] = 0x70 | (count >> 8);
  bytes[7] = count & 0xff;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
