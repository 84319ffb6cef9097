import { t } from "../i18n/tongue";
import type { SetupPart } from "../route";
import { Link } from "../ui/link";
import { useTitle } from "../ui/title";
import { NotificationsPart } from "./notifications-part";
import { TemplatesPart } from "./templates-part";
import { UsersPart } from "./users-part";

const PARTS = [
  { part: "users", to: "/setup", shown: UsersPart },
  { part: "templates", to: "/setup/templates", shown: TemplatesPart },
  { part: "notifications", to: "/setup/notifications", shown: NotificationsPart },
] as const;

export function SetupPage({ part }: { part: SetupPart }) {
  useTitle(t(`setup.${part}`));
  const Shown = PARTS.find((one) => one.part === part)?.shown ?? UsersPart;
  return (
    <main id="main" class="page" tabIndex={-1}>
      <h1>{t("setup.title")}</h1>
      <nav class="tabs" aria-label={t("setup.title")}>
        {PARTS.map((one) => (
          <Link key={one.part} to={one.to} aria-current={part === one.part ? "page" : undefined}>
            {t(`setup.${one.part}`)}
          </Link>
        ))}
      </nav>
      <Shown />
    </main>
  );
}
