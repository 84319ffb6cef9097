import { signal } from "@preact/signals";
import { t } from "./i18n";

const CHECK_MS = 60 * 60_000;

const ready = signal(false);
let waiting: ServiceWorker | null = null;

/**
 * Keep the app itself up to date. A new version waits, whole, until the worker loads it or closes the app: no
 * page is ever served from two versions, and nothing that is being typed is interrupted.
 */
export async function keepUpToDate(): Promise<void> {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!container) return;
  const registration = await container.register("/app/sw.js", { scope: "/app/" });
  const look = () => {
    waiting = registration.waiting;
    ready.value = waiting !== null && container.controller !== null;
  };
  look();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", look);
  });
  setInterval(() => {
    if (navigator.onLine) registration.update().catch(() => undefined); // no network: at the next hour
  }, CHECK_MS);
  let served = container.controller !== null;
  container.addEventListener("controllerchange", () => {
    if (served) location.reload();
    served = true;
  });
}

export function Update() {
  if (!ready.value) return null;
  return (
    <p class="banner syncing">
      {t("update.ready")}{" "}
      <button type="button" onClick={() => waiting?.postMessage("serve")}>
        {t("update.load")}
      </button>
    </p>
  );
}
