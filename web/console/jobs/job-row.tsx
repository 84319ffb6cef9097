import { Component } from "preact";
import { t } from "../i18n/tongue";
import { awaited, sayAwaited } from "../photos/awaited";
import { go } from "../route";
import { planned } from "../time/words";
import { Icon } from "../ui/icons";
import { Link } from "../ui/link";
import { StateBadge } from "../ui/state-badge";
import type { JobRow } from "./change-event";
import { type Speaker, sayAssignees } from "./say";

interface Props {
  row: JobRow;
  speaker: Speaker;
  selected: boolean;
  /** It changed a moment ago. */
  fresh: boolean;
}

/** One job of the list. Drawn again only when something of its own changed: there may be thousands. */
export class Row extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    const { row, speaker, selected, fresh } = this.props;
    return row !== next.row || speaker !== next.speaker || selected !== next.selected || fresh !== next.fresh;
  }

  override render({ row, speaker, selected, fresh }: Props) {
    const path = `/jobs/${row.id}`;
    const number = String(row.number);
    const waiting = sayAwaited(awaited(row), speaker.tongue);
    const people = sayAssignees(row.assignees ?? [], speaker);
    const open = (event: Event) => {
      if (event.target instanceof Element && !event.target.closest("a")) void go(path);
    };
    const line = (
      <tr
        class={`${selected ? "selected" : ""} ${fresh ? "fresh" : ""}`}
        aria-current={selected ? "true" : undefined}
        onClick={open}
      >
        <td class="number">
          <Link to={path} aria-label={t("job.title", { number })}>
            {number}
          </Link>
        </td>
        <td class="when">
          <When row={row} speaker={speaker} />
        </td>
        <td class="client" title={row.client?.name ?? ""}>
          {row.client?.name ?? <span class="soft">{t("list.noClient")}</span>}
        </td>
        <td class="where" title={row.address?.formatted ?? ""}>
          {row.address?.formatted ?? <span class="soft">{t("list.noAddress")}</span>}
        </td>
        <td class="people" title={people}>
          {row.assignees?.length ? people : <span class="soft">{people}</span>}
        </td>
        <td class="state">
          <StateBadge state={row.state} />
        </td>
      </tr>
    );
    if (!waiting) return line;
    return (
      <>
        {line}
        <tr class="under" onClick={open}>
          <td />
          {/* in a narrow window just these columns are left */}
          <td colSpan={3}>
            <span class="awaited">
              <Icon name="phone" />
              {waiting}
            </span>
          </td>
          <td class="state" colSpan={2} />
        </tr>
      </>
    );
  }
}

function When({ row, speaker }: { row: JobRow; speaker: Speaker }) {
  if (!row.scheduled_at) return <span class="soft">{t("list.noDate")}</span>;
  const { day, start, end } = planned(row.scheduled_at, row.scheduled_duration, speaker.clock);
  const hours = end ? `${start}–${end}` : start;
  if (day === "today") return <strong>{hours}</strong>;
  return (
    <>
      {typeof day === "string" ? t(`common.${day}`) : day.text}, {hours}
    </>
  );
}
