/** What a camera wrote into a photo, as far as the job wants to know it. */
export interface Shot {
  /** RFC 3339; with the camera's offset where it wrote one, else by the phone's zone. */
  takenAt?: string;
  latitude?: number;
  longitude?: number;
}

/** EXIF stands at the beginning of a JPEG, in one segment of at most 64 KB. */
const HEAD = 256 * 1024;

const EXIF_IFD = 0x8769;
const GPS_IFD = 0x8825;
const TAKEN = 0x9003;
const TAKEN_OFFSET = 0x9011;
const LATITUDE_REF = 1;
const LATITUDE = 2;
const LONGITUDE_REF = 3;
const LONGITUDE = 4;

/**
 * Time and place of a JPEG (EXIF 2.32; DateTimeOriginal, GPS). They must be read before the photo is reduced:
 * the canvas drops them. What cannot be read is left out, never guessed.
 */
export async function readShot(file: Blob): Promise<Shot> {
  const bytes = new DataView(await file.slice(0, HEAD).arrayBuffer());
  try {
    const at = findExif(bytes);
    return at === undefined ? {} : shotOf(new Tiff(bytes, at));
  } catch (error) {
    if (error instanceof RangeError) return {}; // it points outside itself
    throw error;
  }
}

/** Where the TIFF of the APP1 segment begins. */
function findExif(bytes: DataView): number | undefined {
  if (bytes.byteLength < 4 || bytes.getUint16(0) !== 0xffd8) return undefined;
  let at = 2;
  while (at + 10 <= bytes.byteLength && bytes.getUint8(at) === 0xff) {
    const marker = bytes.getUint8(at + 1);
    if (marker === 0xda) return undefined; // the picture itself
    const exif = marker === 0xe1 && bytes.getUint32(at + 4) === 0x45786966; // "Exif"
    if (exif) return at + 10;
    at += 2 + bytes.getUint16(at + 2);
  }
  return undefined;
}

function shotOf(tiff: Tiff): Shot {
  const main = tiff.directory(tiff.first);
  const exif = tiff.directory(main.get(EXIF_IFD)?.offset);
  const gps = tiff.directory(main.get(GPS_IFD)?.offset);
  const takenAt = instant(tiff.text(exif.get(TAKEN)), tiff.text(exif.get(TAKEN_OFFSET)));
  const latitude = degrees(tiff.rationals(gps.get(LATITUDE)), tiff.text(gps.get(LATITUDE_REF)), 90);
  const longitude = degrees(tiff.rationals(gps.get(LONGITUDE)), tiff.text(gps.get(LONGITUDE_REF)), 180);
  return {
    ...(takenAt ? { takenAt } : {}),
    ...(latitude !== undefined && longitude !== undefined ? { latitude, longitude } : {}),
  };
}

/** `2026:11:24 10:02:03` and `+03:00`. */
function instant(wall: string, offset: string): string | undefined {
  const [, date, time] = /^(\d{4}:\d\d:\d\d) (\d\d:\d\d:\d\d)/.exec(wall) ?? [];
  if (!date || !time) return undefined;
  const local = `${date.replaceAll(":", "-")}T${time}`;
  const zone = /^[+-]\d\d:\d\d$/.test(offset) ? offset : "";
  const at = new Date(local + zone); // without a zone: the phone's
  if (Number.isNaN(at.getTime()) || at.getUTCFullYear() < 2000) return undefined;
  return zone ? local + zone : at.toISOString();
}

function degrees(parts: readonly number[], ref: string, most: number): number | undefined {
  const [whole, minutes = 0, seconds = 0] = parts;
  if (whole === undefined || !ref) return undefined;
  const value = whole + minutes / 60 + seconds / 3600;
  if (!(value <= most)) return undefined; // NaN too: 0/0 is how cameras say "no fix"
  const sign = ref === "S" || ref === "W" ? -1 : 1;
  return Math.round(sign * value * 1e6) / 1e6;
}

interface Entry {
  type: number;
  count: number;
  /** Where its value stands, from the beginning of the TIFF; of directories: the value itself. */
  offset: number;
  at: number;
}

const BYTES: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };
const MOST_ENTRIES = 500;

/** TIFF 6.0, as much as EXIF needs. Reading outside throws RangeError. */
class Tiff {
  private readonly little: boolean;

  constructor(
    private readonly bytes: DataView,
    private readonly start: number,
  ) {
    this.little = bytes.getUint16(start) === 0x4949;
  }

  get first(): number {
    return this.bytes.getUint32(this.start + 4, this.little);
  }

  directory(offset: number | undefined): Map<number, Entry> {
    const found = new Map<number, Entry>();
    if (offset === undefined) return found;
    const count = Math.min(this.short(offset), MOST_ENTRIES);
    for (let place = 0; place < count; place++) {
      const at = offset + 2 + place * 12;
      const type = this.short(at + 2);
      const entry = { type, count: this.long(at + 4), offset: this.long(at + 8), at: at + 8 };
      found.set(this.short(at), entry);
    }
    return found;
  }

  text(entry: Entry | undefined): string {
    if (entry?.type !== 2 || entry.count > 100) return "";
    let text = "";
    for (let place = 0; place < entry.count; place++) {
      const code = this.bytes.getUint8(this.start + this.valueAt(entry) + place);
      if (code === 0) break;
      text += String.fromCharCode(code);
    }
    return text.trim();
  }

  rationals(entry: Entry | undefined): number[] {
    if (entry?.type !== 5 || entry.count > 3) return [];
    return Array.from({ length: entry.count }, (_, place) => {
      const at = this.valueAt(entry) + place * 8;
      const below = this.long(at + 4);
      return below === 0 && place > 0 ? 0 : this.long(at) / below;
    });
  }

  /** A value of up to four bytes stands in the entry itself. */
  private valueAt({ type, count, offset, at }: Entry): number {
    return (BYTES[type] ?? 1) * count <= 4 ? at : offset;
  }

  private short(offset: number): number {
    return this.bytes.getUint16(this.start + offset, this.little);
  }

  private long(offset: number): number {
    return this.bytes.getUint32(this.start + offset, this.little);
  }
}
