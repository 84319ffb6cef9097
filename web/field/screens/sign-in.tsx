import { useSignal } from "@preact/signals";
import { ProblemError, Unreachable } from "../../shared/api";
import { signIn, worker } from "../app";
import { t } from "../i18n";

/** Signing in, for the first time or again; again keeps the worker's own login. */
export function SignInScreen({ again = false }: { again?: boolean }) {
  const busy = useSignal(false);
  const error = useSignal("");

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const login = again ? (worker.value?.login ?? "") : String(form.get("login"));
    busy.value = true;
    error.value = "";
    try {
      await signIn(login, String(form.get("password")));
    } catch (thrown) {
      error.value = words(thrown);
    } finally {
      busy.value = false;
    }
  }

  return (
    <form class="card sign-in" onSubmit={(event) => void submit(event)}>
      {again ? <h2>{t("signin.title")}</h2> : <h1>{t("signin.title")}</h1>}
      {again && <p>{t("signin.again")}</p>}
      <label>
        {t("signin.login")}
        <input
          name="login"
          autocomplete="username"
          autocapitalize="none"
          required
          readonly={again}
          value={again ? worker.value?.login : undefined}
        />
      </label>
      <label>
        {t("signin.password")}
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <p class="error" role="alert">
        {error.value}
      </p>
      <button type="submit" class="primary" disabled={busy.value}>
        {t("signin.submit")}
      </button>
    </form>
  );
}

function words(error: unknown): string {
  if (error instanceof ProblemError && error.slug === "wrong-credentials") return t("signin.wrong");
  if (error instanceof Unreachable) return t("signin.offline");
  return error instanceof Error ? error.message : String(error);
}
