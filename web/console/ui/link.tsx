import type { ComponentChildren } from "preact";
import { go } from "../route";

interface Props {
  to: string;
  children: ComponentChildren;
  class?: string;
  "aria-label"?: string;
  "aria-current"?: "page" | undefined;
  /** It is followed here, not in another tab. */
  onFollow?: () => void;
}

/** A link within the console; with a modifier key the browser opens it its own way. */
export function Link({ to, children, onFollow, ...rest }: Props) {
  return (
    <a
      {...rest}
      href={to}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        onFollow?.();
        void go(to);
      }}
    >
      {children}
    </a>
  );
}
