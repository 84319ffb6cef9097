/** Drawn here, 24 × 24, in the colour of the text: emoji differ from phone to phone. */
const PATHS = {
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 21c0-4 3.6-6.5 8-6.5s8 2.5 8 6.5",
  sync: "M20 11a8 8 0 0 0-14.3-4L3 9.5M3 4v5.5h5.5M4 13a8 8 0 0 0 14.3 4L21 14.5M21 20v-5.5h-5.5",
  back: "M15 5l-7 7 7 7",
  phone:
    "M6.6 3.5h3l1.6 4.2-2 1.6a12 12 0 0 0 5.5 5.5l1.6-2 4.2 1.6v3a2 2 0 0 1-2.2 2A16.5 16.5 0 0 1 4.6 5.7a2 2 0 0 1 2-2.2Z",
  pin: "M12 21.5c4.5-4.6 7-8.3 7-11.5a7 7 0 1 0-14 0c0 3.2 2.5 6.9 7 11.5ZM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  cloud: "M7 18.5a4.5 4.5 0 0 1-.6-9A6 6 0 0 1 18 10.6a4 4 0 0 1-.5 7.9ZM12 17v-6M9.5 13 12 10.5l2.5 2.5",
  offline:
    "M3 3l18 18M8.7 8.4A6 6 0 0 0 6.4 9.5a4.5 4.5 0 0 0 .6 9h10M12 6.5a6 6 0 0 1 6 4.1 4 4 0 0 1 2.4 6",
  camera:
    "M4 8h3.5L9 5.5h6L16.5 8H20a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1ZM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z",
  pictures: "M4 5h16v14H4ZM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.5h.01",
  paper: "M7 3h7l5 5v13H7ZM14 3v5h5",
  warning: "M12 4 2.5 20h19ZM12 10v4.5M12 17.5h.01",
  posted: "M12 19a7 7 0 1 0 0-14 7 7 0 0 0 0 14Z",
  scheduled: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM12 8v4.5l3 2",
  published: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM12 12h.01",
  en_route: "M4 12h15M13 6l6 6-6 6",
  started: "M7 5l12 7-12 7Z",
  suspended: "M8 5v14M16 5v14",
  finished: "M4.5 12.5l5 5L19.5 7",
  canceled: "M6 6l12 12M18 6L6 18",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      width="24"
      height="24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
