import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n/tongue";
import { go } from "../route";
import { Icon } from "../ui/icons";
import { useTitle } from "../ui/title";

interface Props {
  title: string;
  badge?: ComponentChildren;
  /** Buttons at the head, before the closing one. */
  tools?: ComponentChildren;
  /** The heading takes the focus, unless something inside wants it. */
  focus?: "heading" | "inside";
  /** Where files may be dropped. */
  zone?: RefObject<HTMLElement | null>;
  children: ComponentChildren;
}

/** The frame beside the list: an open job, or a new one. Escape closes it. */
export function Panel({ title, badge, tools, focus = "heading", zone, children }: Props) {
  useTitle(title);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus === "heading") heading.current?.focus();
  }, [focus]);
  return (
    <section
      ref={zone ?? null}
      class="panel"
      aria-label={title}
      onKeyDown={(event) => {
        const inDialog = event.target instanceof Element && event.target.closest("dialog");
        if (event.key === "Escape" && !inDialog) void go("/");
      }}
    >
      <header>
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        {badge}
        <div class="tools">
          {tools}
          <button
            type="button"
            class="button icon-only quiet"
            aria-label={t("job.close")}
            title={t("job.close")}
            onClick={() => go("/")}
          >
            <Icon name="close" />
          </button>
        </div>
      </header>
      <div class="panel-body">{children}</div>
    </section>
  );
}
