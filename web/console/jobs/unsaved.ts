import { useEffect } from "preact/hooks";
import { t } from "../i18n/tongue";
import { leaving } from "../route";
import { ask } from "../ui/ask";

/** While there is unsaved work: ask before leaving it, also before the browser closes the page. */
export function useUnsaved(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    leaving.ask = askToDiscard;
    window.addEventListener("beforeunload", warn);
    return () => {
      leaving.ask = null;
      window.removeEventListener("beforeunload", warn);
    };
  }, [dirty]);
}

export function askToDiscard(): Promise<boolean> {
  return ask({
    title: t("form.discardTitle"),
    text: t("form.discardText"),
    yes: t("form.discard"),
    no: t("form.keepEditing"),
    danger: true,
  });
}
