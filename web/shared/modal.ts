import { useEffect, useRef } from "preact/hooks";

/** A `<dialog>` that is modal as long as it is rendered. Focus goes in, and back where it was. */
export function useModal() {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    return () => {
      ref.current?.close();
      // close() alone leaves it on the page: the dialog may be gone from it by now
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return ref;
}
