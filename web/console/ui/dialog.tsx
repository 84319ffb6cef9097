import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { useModal } from "../../shared/modal";

interface Props {
  title: string;
  children: ComponentChildren;
  /** Escape; left out, the dialog can only be answered. */
  onCancel?: (() => void) | undefined;
}

/** A modal question, shown as long as it is rendered. */
export function Dialog({ title, children, onCancel }: Props) {
  const ref = useModal();
  const titleId = useId();
  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onCancel?.();
      }}
      onKeyDown={(event) => {
        // a second Escape would close it past `cancel`
        if (event.key === "Escape" && !onCancel) event.preventDefault();
      }}
    >
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  );
}
