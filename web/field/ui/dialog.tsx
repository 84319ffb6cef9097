import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { useModal } from "../../shared/modal";

/** A question that wants an answer first, at the thumb's end of the screen; shown as long as it is rendered. */
export function Dialog(props: { title: string; onCancel: () => void; children: ComponentChildren }) {
  const ref = useModal();
  const titleId = useId();
  return (
    <dialog
      ref={ref}
      class="sheet"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        props.onCancel();
      }}
    >
      <h2 id={titleId}>{props.title}</h2>
      {props.children}
    </dialog>
  );
}
