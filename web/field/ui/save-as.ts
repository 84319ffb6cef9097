const KEPT_MS = 60_000;

/** What a page of ours may show without running what is in it; anything else is saved, never shown. */
const SHOWN = new Set([
  "image/jpeg",
  "image/png",
  "image/gif",
  "image/webp",
  "application/pdf",
  "text/plain",
]);

export function isShown(mediaType: string): boolean {
  return SHOWN.has(mediaType);
}

/** Hand a file to the phone. */
export function saveAs(bytes: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = lent(new Blob([bytes], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
}

/** Show a file in a page of its own. Of a type that could run here, it is saved instead. */
export function show(bytes: Blob, name: string): void {
  if (!isShown(bytes.type)) saveAs(bytes, name);
  else if (!open(lent(bytes), "_blank")) saveAs(bytes, name); // no pages beside the app's: saved then
}

function lent(bytes: Blob): string {
  const url = URL.createObjectURL(bytes);
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
  return url;
}
