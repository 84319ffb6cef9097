import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { network, shelf } from "../carry";
import { Icon } from "./icon";

/** Pictures of the server's are asked in the size that the screen shows. */
const SHOWN_PX = 320;

/** A photo small: from this phone where it was taken, else from the server if the network carries files (R7). */
export function Thumbnail({ id, available }: { id: string; available: boolean }) {
  const kept = useSignal<string | undefined | null>(null);
  useEffect(() => {
    let url: string | undefined;
    let over = false;
    void shelf()
      .thumbnail(id)
      .then((picture) => {
        if (over) return;
        url = picture && URL.createObjectURL(picture);
        kept.value = url;
      });
    return () => {
      over = true;
      if (url) URL.revokeObjectURL(url);
    };
  }, [id]);
  const far = kept.value === undefined && available && network.value === "fast";
  const source = kept.value ?? (far ? `/v1/files/${id}/preview?size=${SHOWN_PX}&app=field` : undefined);
  return (
    <span class="thumbnail">
      {source ? (
        <img
          src={source}
          alt=""
          loading="lazy"
          onError={(event) => {
            event.currentTarget.hidden = true; // the mark behind it shows
          }}
        />
      ) : null}
      <Icon name="pictures" />
    </span>
  );
}
