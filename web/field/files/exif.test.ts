import { describe, expect, it } from "vitest";
import { readShot } from "./exif";

type Value = string | [number, number][];

/** A JPEG of nothing but its EXIF: directories 0, Exif and GPS. */
function jpeg(exif: Record<number, Value>, gps: Record<number, Value>, little: boolean): Blob {
  const bytes: number[] = [];
  const short = (n: number) => (little ? [n & 255, n >> 8] : [n >> 8, n & 255]);
  const long = (n: number) => {
    const four = [n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255];
    return little ? four.reverse() : four;
  };
  const size = (tags: object) => 2 + Object.keys(tags).length * 12 + 4;
  const main = { 34665: "", 34853: "" };
  const exifAt = 8 + size(main);
  const gpsAt = exifAt + size(exif);
  let dataAt = gpsAt + size(gps);
  const data: number[] = [];
  const directory = (tags: Record<number, Value>) => {
    bytes.push(...short(Object.keys(tags).length));
    for (const [tag, value] of Object.entries(tags)) {
      const raw =
        typeof value === "string"
          ? [...value].map((one) => one.charCodeAt(0)).concat(0)
          : value.flatMap(([above, below]) => [...long(above), ...long(below)]);
      const isText = typeof value === "string";
      bytes.push(
        ...short(Number(tag)),
        ...short(isText ? 2 : 5),
        ...long(isText ? raw.length : value.length),
      );
      if (raw.length <= 4) bytes.push(...raw, ...Array<number>(4 - raw.length).fill(0));
      else {
        bytes.push(...long(dataAt));
        data.push(...raw);
        dataAt += raw.length;
      }
    }
    bytes.push(...long(0));
  };
  bytes.push(...(little ? [0x49, 0x49] : [0x4d, 0x4d]), ...short(42), ...long(8));
  bytes.push(...short(2));
  bytes.push(...short(0x8769), ...short(4), ...long(1), ...long(exifAt));
  bytes.push(...short(0x8825), ...short(4), ...long(1), ...long(gpsAt), ...long(0));
  directory(exif);
  directory(gps);
  const tiff = [...bytes, ...data];
  const length = tiff.length + 8;
  const app0 = [0xff, 0xe0, 0, 4, 0, 0];
  const head = [0xff, 0xd8, ...app0, 0xff, 0xe1, length >> 8, length & 255, 0x45, 0x78, 0x69, 0x66, 0, 0];
  return new Blob([Uint8Array.from([...head, ...tiff, 0xff, 0xda, 0, 2])]);
}

const PLACE: Record<number, Value> = {
  1: "N",
  2: [
    [55, 1],
    [45, 1],
    [2088, 100],
  ],
  3: "W",
  4: [
    [37, 1],
    [374982, 10000],
    [0, 1],
  ],
};

describe.each([true, false])("EXIF, little endian: %s", (little) => {
  it("tells time with its offset, and place", async () => {
    const shot = await readShot(jpeg({ 36867: "2026:11:24 10:02:03", 36881: "+03:00" }, PLACE, little));
    expect(shot).toEqual({ takenAt: "2026-11-24T10:02:03+03:00", latitude: 55.7558, longitude: -37.62497 });
  });

  it("reads a time without offset by the phone's clock", async () => {
    const { takenAt } = await readShot(jpeg({ 36867: "2026:11:24 10:02:03" }, {}, little));
    expect(Date.parse(takenAt ?? "")).toBe(new Date(2026, 10, 24, 10, 2, 3).getTime());
  });
});

describe("what cannot be read is left out", () => {
  it.each([
    ["a time that was never set", "0000:00:00 00:00:00"],
    ["blanks", "    :  :     :  :  "],
  ])("%s", async (_, wall) => {
    expect(await readShot(jpeg({ 36867: wall }, {}, true))).toEqual({});
  });

  it("a place without a fix", async () => {
    const none: [number, number][] = [
      [0, 0],
      [0, 0],
      [0, 0],
    ];
    expect(await readShot(jpeg({}, { 1: "N", 2: none, 3: "E", 4: none }, true))).toEqual({});
  });

  it("no JPEG, an empty one, and one whose EXIF points outside", async () => {
    expect(await readShot(new Blob(["no picture at all"]))).toEqual({});
    expect(await readShot(new Blob([]))).toEqual({});
    const whole = jpeg({ 36867: "2026:11:24 10:02:03" }, PLACE, true);
    for (let size = 0; size < whole.size; size++) {
      expect(await readShot(whole.slice(0, size))).toBeTypeOf("object");
    }
  });
});
