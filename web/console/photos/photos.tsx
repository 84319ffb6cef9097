import { useId, useState } from "preact/hooks";
import type { Change, Id, Job } from "../../shared/types";
import { t } from "../i18n/tongue";
import { speaker } from "../people/directory";
import { Icon } from "../ui/icons";
import { awaited, sayAwaited } from "./awaited";
import { byField, originOf } from "./by-field";
import { FullView } from "./full-view";
import { Tile } from "./tile";

interface Props {
  job: Job;
  history: readonly Change[];
}

/** The photos of a job by report field: those that have arrived, and those that the phone still has. */
export function Photos({ job, history }: Props) {
  const [shown, setShown] = useState<Id | null>(null);
  const title = useId();
  const speak = speaker.value;
  const photos = job.photos ?? [];
  if (photos.length === 0) return null;
  const groups = byField(photos, job.template_id ? speak.template(job.template_id) : undefined);
  const viewable = groups.flatMap((group) => group.photos.filter((photo) => photo.state === "available"));
  const open = viewable.find((photo) => photo.id === shown);
  const waiting = sayAwaited(awaited(job), speak.tongue);
  return (
    <section aria-labelledby={title} class="photos">
      <h3 id={title}>{t("job.photos")}</h3>
      <p role="status" class={waiting ? "awaited" : "aside"}>
        {waiting && <Icon name="phone" />}
        {waiting}
      </p>
      {groups.map((group) => (
        <figure key={group.field}>
          <figcaption>{group.name}</figcaption>
          <ul class="tiles">
            {group.photos.map((photo, index) => (
              <li key={photo.id}>
                <Tile
                  photo={photo}
                  name={t("photos.nameOf", { field: group.name, i: index + 1, of: group.photos.length })}
                  origin={originOf(photo, history)}
                  onOpen={() => setShown(photo.id)}
                />
              </li>
            ))}
          </ul>
        </figure>
      ))}
      {open && (
        <FullView
          photo={open}
          photos={viewable}
          field={groups.find((group) => group.field === open.field)?.name ?? open.field}
          origin={originOf(open, history)}
          onShow={setShown}
          onClose={() => setShown(null)}
        />
      )}
    </section>
  );
}
