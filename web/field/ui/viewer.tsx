import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { network } from "../carry";
import { t } from "../i18n";
import { Dialog } from "./dialog";

const VIEW_PX = 1600;

interface Props {
  title: string;
  /** What of it is on this phone. */
  load: () => Promise<Blob | undefined>;
  /** Of a file on the server: fetched for the view, on any network, because the worker asked. */
  far?: string | undefined;
  close: () => void;
}

/** One picture over the whole screen. */
export function Viewer({ title, load, far, close }: Props) {
  const source = useSignal<string | undefined>(undefined);
  const failed = useSignal(false);
  useEffect(() => {
    let url: string | undefined;
    void load().then((picture) => {
      url = picture && URL.createObjectURL(picture);
      const there =
        far && network.value !== "offline" ? `/v1/files/${far}/preview?size=${VIEW_PX}&app=field` : "";
      source.value = url ?? there;
      failed.value = source.value === "";
    });
    return () => {
      if (url) URL.revokeObjectURL(url);
    };
  }, []);
  return (
    <Dialog title={title} onCancel={close}>
      {failed.value ? (
        <p>{t("photo.far")}</p>
      ) : (
        source.value && (
          <img
            class="viewed"
            src={source.value}
            alt={title}
            onError={() => {
              failed.value = true;
            }}
          />
        )
      )}
      <button type="button" onClick={close}>
        {t("photo.close")}
      </button>
    </Dialog>
  );
}
