import type { Assignee, Id } from "../../shared/types";
import { t } from "../i18n/tongue";
import { users, workers } from "../people/directory";
import { Field } from "../ui/field";
import { Icon } from "../ui/icons";
import type { Binding } from "./form-binding";
import { MarkNote } from "./form-mark";

/** Who does the job. Exactly one of them is in charge: only that worker can edit it. */
export function AssigneesField({ of: binding }: { of: Binding }) {
  const assigned = (binding.value("assignees") ?? []) as Assignee[];
  const free = workers.value.filter((one) => !assigned.some(({ worker_id }) => worker_id === one.id));

  function set(next: Assignee[]) {
    const one = next.find(({ can_edit }) => can_edit) ?? next[0];
    binding.set(
      "assignees",
      next.map(({ worker_id }) => ({ worker_id, can_edit: worker_id === one?.worker_id })),
    );
  }

  function putInCharge(id: Id) {
    set(assigned.map(({ worker_id }) => ({ worker_id, can_edit: worker_id === id })));
  }

  return (
    <fieldset class="assignees">
      <legend>{t("fields.assignees")}</legend>
      {assigned.length > 0 && (
        <ul>
          {assigned.map(({ worker_id, can_edit }) => {
            const name = users.value.get(worker_id)?.name ?? "…";
            return (
              <li key={worker_id}>
                <span class="name">{name}</span>
                <label>
                  <input
                    type="radio"
                    name="in-charge"
                    checked={can_edit === true}
                    onChange={() => putInCharge(worker_id)}
                  />
                  {t("fields.inCharge")}
                  <span class="aside">{name}</span>
                </label>
                <button
                  type="button"
                  class="button icon-only quiet"
                  aria-label={t("fields.remove", { what: name })}
                  onClick={() => set(assigned.filter((one) => one.worker_id !== worker_id))}
                >
                  <Icon name="close" />
                </button>
              </li>
            );
          })}
        </ul>
      )}
      {free.length > 0 && (
        <Field label={t("fields.addAssignee")} error={binding.error("assignees")}>
          {(wiring) => (
            <select
              {...wiring}
              value=""
              onChange={({ currentTarget: select }) => {
                set([...assigned, { worker_id: select.value }]);
                select.value = "";
              }}
            >
              <option value="">{t("fields.chooseWorker")}</option>
              {free.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <MarkNote of={binding} field="assignees" />
    </fieldset>
  );
}
