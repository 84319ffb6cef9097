import { useState } from "preact/hooks";
import { t } from "../i18n/tongue";
import { Alert } from "../ui/alert";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { type Trouble, troubleOf } from "../ui/problem";
import { askedAgain, OtherAccount, signIn, WorkersElsewhere } from "./session";

export function SignInPage() {
  return (
    <main class="sign-in">
      <div class="card">
        <h1>
          <span class="mark" aria-hidden="true" />
          {t("product")}
        </h1>
        <p class="soft">{t("console")}</p>
        <SignInForm />
        <p class="soft small">
          <a href="/app/">{t("session.openFieldApp")}</a>
        </p>
      </div>
    </main>
  );
}

/** Over the page whose session has ended; the work below waits. */
export function SignInAgain() {
  if (!askedAgain.value) return null;
  return (
    <Dialog title={t("session.again")}>
      <p>{t("session.againWhy")}</p>
      <SignInForm />
    </Dialog>
  );
}

function SignInForm() {
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);

  async function submit(event: Event) {
    event.preventDefault();
    setBusy(true);
    setTrouble(null);
    try {
      await signIn(login.trim(), password);
    } catch (error) {
      setTrouble(words(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form onSubmit={submit}>
      <Field label={t("session.login")}>
        {(wiring) => (
          <input
            {...wiring}
            name="login"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
            value={login}
            onInput={(event) => setLogin(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label={t("session.password")}>
        {(wiring) => (
          <input
            {...wiring}
            name="password"
            type="password"
            autocomplete="current-password"
            required
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        )}
      </Field>
      <Alert trouble={trouble} />
      <button type="submit" class="button primary wide" disabled={busy}>
        {busy ? t("session.signingIn") : t("session.signIn")}
      </button>
    </form>
  );
}

function words(error: unknown): Trouble {
  if (error instanceof OtherAccount) return { summary: t("session.otherAccount"), fields: {} };
  if (error instanceof WorkersElsewhere) return { summary: t("session.workersElsewhere"), fields: {} };
  const trouble = troubleOf(error);
  // only a worker is asked for a device
  return "device" in trouble.fields ? words(new WorkersElsewhere()) : trouble;
}
