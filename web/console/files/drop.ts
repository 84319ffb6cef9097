import { useEffect, useState } from "preact/hooks";

/** Files dropped anywhere within `zone`; beside it a drop does nothing, where else the browser would open the file. */
export function useDrop(
  zone: { current: HTMLElement | null },
  onFiles: ((files: File[]) => void) | null,
): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const end = new AbortController();
    const { signal } = end;
    const within = (event: DragEvent) =>
      onFiles !== null && event.target instanceof Node && (zone.current?.contains(event.target) ?? false);
    window.addEventListener(
      "dragover",
      (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        const here = within(event);
        if (event.dataTransfer) event.dataTransfer.dropEffect = here ? "copy" : "none";
        setOver(here);
      },
      { signal },
    );
    window.addEventListener(
      "dragleave",
      (event) => {
        if (event.relatedTarget === null) setOver(false); // it left the window
      },
      { signal },
    );
    window.addEventListener(
      "drop",
      (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        setOver(false);
        if (within(event)) onFiles?.([...(event.dataTransfer?.files ?? [])]);
      },
      { signal },
    );
    return () => end.abort();
  }, [zone, onFiles]);
  return over;
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
