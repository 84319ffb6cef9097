import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";

const PAUSE_MS = 500;

interface Props {
  id: string;
  kind: "text" | "number" | "date" | "time" | "datetime-local";
  required: boolean;
  value: string;
  /** Keeps the text and answers "", or says what is wrong with it. */
  commit: (text: string) => string;
}

/**
 * Typed text, kept at every pause, when the field is left, and when the page is put away: a phone may be
 * switched off in the middle of a word. What is being typed is never overwritten by news from the server.
 */
export function Typed({ id, kind, required, value, commit }: Props) {
  const text = useSignal(value);
  const wrong = useSignal("");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef<() => void>(() => undefined);
  const wrongId = useId();

  latest.current = () => {
    if (timer.current === undefined) return;
    clearTimeout(timer.current);
    timer.current = undefined;
    wrong.value = commit(text.value);
  };

  function adopt(): void {
    if (timer.current === undefined && !wrong.value) text.value = value;
  }

  useEffect(() => {
    if (document.activeElement?.id !== id) adopt();
  }, [value]);

  useEffect(() => {
    const keep = () => latest.current();
    addEventListener("pagehide", keep);
    document.addEventListener("visibilitychange", keep);
    return () => {
      removeEventListener("pagehide", keep);
      document.removeEventListener("visibilitychange", keep);
      keep();
    };
  }, []);

  const props = {
    id,
    value: text.value,
    "aria-required": required,
    "aria-invalid": wrong.value !== "",
    "aria-describedby": wrong.value ? wrongId : undefined,
    onInput: (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
      text.value = event.currentTarget.value;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => latest.current(), PAUSE_MS);
    },
    onBlur: () => {
      if (timer.current === undefined) adopt();
      else latest.current();
    },
  };
  return (
    <>
      {kind === "text" && <textarea {...props} rows={1} maxLength={10_000} />}
      {kind === "number" && <input {...props} inputMode="decimal" maxLength={100} />}
      {kind !== "text" && kind !== "number" && <input {...props} type={kind} />}
      {wrong.value && (
        <p class="error" id={wrongId}>
          {wrong.value}
        </p>
      )}
    </>
  );
}
