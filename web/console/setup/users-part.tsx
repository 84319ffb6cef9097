import { useState } from "preact/hooks";
import type { Role, User } from "../../shared/types";
import { t } from "../i18n/tongue";
import { keepUser, users } from "../people/directory";
import { zone } from "../session/account";
import { request, whoever } from "../session/session";
import { Alert } from "../ui/alert";
import { Field } from "../ui/field";
import { errorAt, type Trouble, troubleOf } from "../ui/problem";

const ROLES: readonly Role[] = ["worker", "dispatcher", "admin"];
const BLANK = { name: "", login: "", password: "", role: "worker" as Role, time_zone: "" };

/** Who may sign in, and adding one more. */
export function UsersPart() {
  const admin = whoever().user.role === "admin";
  return (
    <div class="columns">
      <section aria-labelledby="users-title">
        <h2 id="users-title">{t("setup.users")}</h2>
        <table class="sheet">
          <thead>
            <tr>
              <th scope="col">{t("setup.name")}</th>
              <th scope="col">{t("setup.login")}</th>
              <th scope="col">{t("setup.role")}</th>
              <th scope="col">{t("setup.zone")}</th>
            </tr>
          </thead>
          <tbody>
            {[...users.value.values()].map((user) => (
              <tr key={user.id}>
                <th scope="row">
                  {user.name} {!user.active && <span class="soft">({t("setup.inactive")})</span>}
                </th>
                <td>{user.login}</td>
                <td>{t(`setup.roles.${user.role}`)}</td>
                <td class={user.time_zone ? "" : "soft"}>{user.time_zone ?? zone.value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section aria-labelledby="new-user-title">
        <h2 id="new-user-title">{t("setup.newUser")}</h2>
        {admin ? <NewUser /> : <p class="soft">{t("setup.onlyAdmins")}</p>}
      </section>
    </div>
  );
}

function NewUser() {
  const [user, setUser] = useState(BLANK);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [done, setDone] = useState("");
  const [busy, setBusy] = useState(false);

  async function create(event: Event) {
    event.preventDefault();
    setBusy(true);
    setTrouble(null);
    setDone("");
    try {
      const body = { ...user, time_zone: user.time_zone || null };
      const made = await request<User>("POST", "/v1/users", { body });
      keepUser(made);
      setUser(BLANK);
      setDone(t("setup.created", { name: made.name }));
    } catch (error) {
      setTrouble(troubleOf(error));
    } finally {
      setBusy(false);
    }
  }

  function text(field: "name" | "login") {
    return (
      <Field label={t(`setup.${field}`)} error={errorAt(trouble, field)}>
        {(wiring) => (
          <input
            {...wiring}
            required
            autocomplete="off"
            autocapitalize={field === "name" ? "words" : "none"}
            value={user[field]}
            onInput={(event) => setUser({ ...user, [field]: event.currentTarget.value })}
          />
        )}
      </Field>
    );
  }

  return (
    <form onSubmit={create} aria-label={t("setup.newUser")}>
      {text("name")}
      {text("login")}
      <Field label={t("setup.password")} error={errorAt(trouble, "password")}>
        {(wiring) => (
          <input
            {...wiring}
            required
            type="password"
            autocomplete="new-password"
            value={user.password}
            onInput={(event) => setUser({ ...user, password: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label={t("setup.role")} error={errorAt(trouble, "role")}>
        {(wiring) => (
          <select
            {...wiring}
            value={user.role}
            onChange={(event) => setUser({ ...user, role: event.currentTarget.value as Role })}
          >
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {t(`setup.roles.${role}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t("setup.zone")} error={errorAt(trouble, "time_zone")}>
        {(wiring) => (
          <select
            {...wiring}
            value={user.time_zone}
            onChange={(event) => setUser({ ...user, time_zone: event.currentTarget.value })}
          >
            <option value="">{t("setup.zoneOfAccount", { zone: zone.value })}</option>
            {Intl.supportedValuesOf("timeZone").map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Alert trouble={trouble} name={fieldLabel} />
      <div role="status" class={done ? "notice good" : ""}>
        {done}
      </div>
      <button type="submit" class="button primary" disabled={busy}>
        {t("setup.create")}
      </button>
    </form>
  );
}

function fieldLabel(pointer: string): string {
  switch (pointer) {
    case "name":
    case "login":
    case "password":
    case "role":
      return t(`setup.${pointer}`);
    case "time_zone":
      return t("setup.zone");
    default:
      return pointer;
  }
}
