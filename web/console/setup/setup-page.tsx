import { t } from "../i18n/tongue";
import { Link } from "../ui/link";
import { useTitle } from "../ui/title";
import { TemplatesPart } from "./templates-part";
import { UsersPart } from "./users-part";

export function SetupPage({ part }: { part: "users" | "templates" }) {
  useTitle(t(part === "users" ? "setup.users" : "setup.templates"));
  return (
    <main id="main" class="page" tabIndex={-1}>
      <h1>{t("setup.title")}</h1>
      <nav class="tabs" aria-label={t("setup.title")}>
        <Link to="/setup" aria-current={part === "users" ? "page" : undefined}>
          {t("setup.users")}
        </Link>
        <Link to="/setup/templates" aria-current={part === "templates" ? "page" : undefined}>
          {t("setup.templates")}
        </Link>
      </nav>
      {part === "users" ? <UsersPart /> : <TemplatesPart />}
    </main>
  );
}
