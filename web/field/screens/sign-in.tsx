import { useSignal } from "@preact/signals";
import { ProblemError, Unreachable } from "../../shared/api";
import { LANGUAGES } from "../../shared/i18n";
import { language, problemWords, speakIn, t } from "../i18n";
import { worker } from "../phone";
import { NotAWorker, signIn } from "../session";

/** Signing in, for the first time or again; again keeps the worker's own login. */
export function SignInScreen({ again = false }: { again?: boolean }) {
  const busy = useSignal(false);
  const error = useSignal("");

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const login = again ? (worker.value?.login ?? "") : String(form.get("login")).trim();
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
    <form class={again ? "card" : "card sign-in"} onSubmit={(event) => void submit(event)}>
      {again ? (
        <h2>{t("signin.title")}</h2>
      ) : (
        <>
          <img src="/app/icon.svg" alt="" width="64" height="64" />
          <h1 tabIndex={-1}>{t("signin.title")}</h1>
        </>
      )}
      {again && <p>{t("signin.again")}</p>}
      <label>
        {t("signin.login")}
        <input
          name="login"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          readonly={again}
          value={again ? worker.value?.login : undefined}
        />
      </label>
      <label>
        {t("signin.password")}
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      {error.value && (
        <p class="error" role="alert">
          {error.value}
        </p>
      )}
      <button type="submit" class="primary" disabled={busy.value}>
        {t(busy.value ? "signin.busy" : "signin.submit")}
      </button>
      {!again && <Languages />}
    </form>
  );
}

const NAMES = { en: "English", ru: "Русский" } as const;

/** Each language in its own words, for who does not read the other. */
export function Languages() {
  return (
    <fieldset class="choice">
      <legend class="aside">{t("signin.language")}</legend>
      {LANGUAGES.map((one) => (
        <label key={one} lang={one}>
          <input
            type="radio"
            name="language"
            checked={language.value === one}
            onChange={() => speakIn(one)}
          />
          <span>{NAMES[one]}</span>
        </label>
      ))}
    </fieldset>
  );
}

function words(error: unknown): string {
  if (error instanceof ProblemError) return problemWords(error.problem);
  if (error instanceof Unreachable) return t("signin.offline");
  if (error instanceof NotAWorker) return t("signin.not-a-worker");
  console.error(error);
  return t("trouble.broken");
}
