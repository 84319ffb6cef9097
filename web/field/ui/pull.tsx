import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { syncNow } from "../app";
import { t } from "../i18n";

const FAR_ENOUGH_PX = 72;

/** R10: pull the screen down to sync. Who cannot pull has the button "Sync now". */
export function PullToSync({ children }: { children: ComponentChildren }) {
  const from = useSignal<number | null>(null);
  const pulled = useSignal(0);

  function end(): void {
    if (pulled.value >= FAR_ENOUGH_PX) void syncNow("manual");
    from.value = null;
    pulled.value = 0;
  }

  return (
    <div
      class="pull"
      onTouchStart={(event) => {
        from.value = scrollY <= 0 ? (event.touches[0]?.clientY ?? null) : null;
      }}
      onTouchMove={(event) => {
        if (from.value === null) return;
        pulled.value = Math.max(0, ((event.touches[0]?.clientY ?? 0) - from.value) / 2);
      }}
      onTouchEnd={end}
      onTouchCancel={() => {
        pulled.value = 0;
        end();
      }}
    >
      {pulled.value > 8 && (
        <p class="pulling" aria-hidden="true">
          {t(pulled.value >= FAR_ENOUGH_PX ? "sync.release" : "sync.pull")}
        </p>
      )}
      {children}
    </div>
  );
}
