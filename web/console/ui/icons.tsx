import type { JobState } from "../../shared/types";

/** Line drawings on a 16 unit grid; the word beside them speaks, so they are hidden from screen readers. */
const PATHS = {
  posted: "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2Z",
  scheduled: "M2.5 4.2h11v9h-11zM2.5 7h11M5.3 2.5v3M10.7 2.5v3",
  published: "M14 2 2 7.2l4.4 1.9L8.6 14 14 2ZM6.4 9.1 9.6 6",
  en_route: "M2 8h11M9 3.8 13.2 8 9 12.2",
  started: "M4.5 2.8v10.4L13 8 4.5 2.8Z",
  suspended: "M5.2 3v10M10.8 3v10",
  finished: "M2.5 8.6 6.3 12.4 13.5 4",
  canceled: "M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4",
  close: "M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4",
  plus: "M8 2.8v10.4M2.8 8h10.4",
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM10.4 10.4 14 14",
  left: "M10 3 5 8l5 5",
  right: "M6 3l5 5-5 5",
  trash: "M3 4.5h10M6 4.5V3h4v1.5M4.2 4.5l.6 8.7h6.4l.6-8.7",
  pencil: "M3 13l.6-2.8 7.3-7.3 2.2 2.2-7.3 7.3L3 13Z",
  bell: "M4 11V7a4 4 0 0 1 8 0v4l1 1.3H3L4 11ZM6.8 14h2.4",
  file: "M4 1.8h5L12.2 5v9.2H4zM8.8 1.8v3.4h3.4",
  camera: "M2 4.6h3l1-1.6h4l1 1.6h3v8.4H2zM8 6.2a2.4 2.4 0 1 1 0 4.8 2.4 2.4 0 0 1 0-4.8Z",
  download: "M8 2.2v8M4.8 7.2 8 10.4l3.2-3.2M2.8 13.4h10.4",
  phone: "M5 1.8h6v12.4H5zM7.3 12.2h1.4",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The state's own mark: told apart by shape as well as colour. */
export function StateIcon({ state }: { state: JobState }) {
  return <Icon name={state} />;
}
