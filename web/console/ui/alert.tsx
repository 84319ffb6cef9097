import type { Trouble } from "./problem";

interface Props {
  trouble: Trouble | null;
  /** What to call a field that the server complains of. */
  name?: (pointer: string) => string;
}

/** What went wrong, announced at once; with each field's complaint, whether or not it is on the page. */
export function Alert({ trouble, name = (pointer) => pointer }: Props) {
  const fields = Object.entries(trouble?.fields ?? {});
  return (
    <div role="alert" class={trouble ? "notice bad" : ""}>
      {trouble?.summary}
      {fields.length > 0 && (
        <ul>
          {fields.map(([pointer, words]) => (
            <li key={pointer}>
              {name(pointer)}: {words}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
