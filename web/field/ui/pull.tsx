import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { syncNow } from "../app";
import { t } from "../i18n";
import { Icon } from "./icon";

const FAR_ENOUGH_PX = 64;
/** The screen follows the finger at half its way. */
const DAMPING = 0.5;

/** R10: pull the screen down to sync. Who cannot pull has the button "Sync now". */
export function PullToSync({ children }: { children: ComponentChildren }) {
  const from = useSignal<{ x: number; y: number } | null>(null);
  const pulled = useSignal(0);
  const enough = pulled.value >= FAR_ENOUGH_PX;

  function end(counts: boolean): void {
    if (counts && pulled.value >= FAR_ENOUGH_PX) void syncNow("manual");
    from.value = null;
    pulled.value = 0;
  }

  return (
    <div
      onTouchStart={(event) => {
        const [touch] = event.touches;
        from.value = touch && scrollY <= 0 && event.touches.length === 1 ? at(touch) : null;
      }}
      onTouchMove={(event) => {
        const [touch] = event.touches;
        if (!from.value || !touch) return;
        const down = touch.clientY - from.value.y;
        const aside = Math.abs(touch.clientX - from.value.x);
        pulled.value = down > aside ? Math.min(down * DAMPING, FAR_ENOUGH_PX * 1.5) : 0;
      }}
      onTouchEnd={() => end(true)}
      onTouchCancel={() => end(false)}
    >
      {pulled.value > 8 && (
        <p class="pulling" aria-hidden="true" style={{ height: `${pulled.value}px` }}>
          <Icon name="sync" /> {t(enough ? "sync.release" : "sync.pull")}
        </p>
      )}
      {children}
    </div>
  );
}

function at(touch: Touch): { x: number; y: number } {
  return { x: touch.clientX, y: touch.clientY };
}
