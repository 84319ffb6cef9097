import type { ComponentChildren } from "preact";

/** Names and values under each other. */
export function Facts({ children }: { children: ComponentChildren }) {
  return <dl class="card facts">{children}</dl>;
}

export function Fact(props: { name: string; testId?: string; children: ComponentChildren }) {
  return (
    <div data-testid={props.testId}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
