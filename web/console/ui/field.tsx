import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface Wiring {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean | undefined;
}

interface Props {
  label: string;
  /** What is wrong with it, in words. */
  error?: string | undefined;
  hint?: string | undefined;
  class?: string;
  /** Under the input: marks of a change meanwhile. */
  after?: ComponentChildren;
  children: (wiring: Wiring) => ComponentChildren;
}

/** A label, its input, and what is wrong with it, wired together for screen readers. */
export function Field({ label, error, hint, after, children, class: extra = "" }: Props) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div class={`field ${extra}`}>
      <label for={id}>{label}</label>
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": error ? true : undefined })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {after}
    </div>
  );
}
