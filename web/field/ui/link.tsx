import type { ComponentChildren } from "preact";
import { go, pathOf, type Route } from "../router";

/** A link inside the app: a real address, no reload. */
export function Link(props: { to: Route; class?: string; current?: boolean; children: ComponentChildren }) {
  return (
    <a
      href={pathOf(props.to)}
      class={props.class}
      aria-current={props.current ? "page" : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go(props.to);
      }}
    >
      {props.children}
    </a>
  );
}
