import { useEffect } from "preact/hooks";
import { t } from "../i18n/tongue";

/** Name the page in the browser's tab: what is open, then the product. */
export function useTitle(what: string): void {
  useEffect(() => {
    document.title = what ? `${what} · ${t("product")}` : t("product");
    return () => {
      document.title = t("product");
    };
  }, [what]);
}
