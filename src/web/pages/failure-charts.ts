import { scaleBand, scaleLinear } from "d3-scale";
import { html } from "hono/html";
import type { Html } from "./document.ts";
import { codeNamed } from "./names.ts";

/** How often tasks failed for one reason on one day. */
export interface DailyFailures {
  /** E.g. `2026-11-30`, in UTC. */
  readonly day: string;
  readonly code: string;
  readonly count: number;
}

const DAYS = 30;
const DAY_MS = 86_400_000;

/** In the units of the picture. */
const SIZE = { width: 240, height: 56 };

/** One small chart for each code, all on one scale, so that they can be compared; the most frequent first. */
export function failureCharts(failures: readonly DailyFailures[], now: Date): Html {
  const days = lastDays(now);
  const [first = "", last = ""] = [days[0], days.at(-1)];
  const shown = failures.filter(({ day }) => day >= first && day <= last);
  if (shown.length === 0) return html`<p class="muted">Nothing failed.</p>`;
  const most = Math.max(...shown.map(({ count }) => count));
  const byCode = [...Map.groupBy(shown, ({ code }) => code)]
    .map(([code, all]) => seriesOf(code, all, days))
    .toSorted((one, other) => other.total - one.total || (one.code < other.code ? -1 : 1));
  return html`<p class="muted">Each bar is a day (UTC). All charts have the same scale.</p>
    <div class="charts">${byCode.map((series) => chart(series, days, most))}</div>
    <details id="failure-table">
      <summary>The same as a table</summary>
      ${table(byCode, days)}
    </details>`;
}

function lastDays(now: Date): readonly string[] {
  return Array.from({ length: DAYS }, (_, index) =>
    new Date(now.getTime() - (DAYS - 1 - index) * DAY_MS).toISOString().slice(0, 10),
  );
}

interface Series {
  readonly code: string;
  /** One for each day. */
  readonly counts: readonly number[];
  readonly total: number;
}

function seriesOf(code: string, all: readonly DailyFailures[], days: readonly string[]): Series {
  const byDay = new Map<string, number>();
  for (const { day, count } of all) byDay.set(day, (byDay.get(day) ?? 0) + count);
  const counts = days.map((day) => byDay.get(day) ?? 0);
  return { code, counts, total: counts.reduce((sum, count) => sum + count, 0) };
}

function chart({ code, counts, total }: Series, days: readonly string[], most: number): Html {
  const x = scaleBand(days, [0, SIZE.width]).paddingInner(0.25);
  const y = scaleLinear([0, most], [0, SIZE.height]).nice();
  const bars = days.map((day, index) => {
    const count = counts[index] ?? 0;
    const height = count === 0 ? 0 : Math.max(1, y(count));
    return count === 0
      ? ""
      : html`<rect
          x="${(x(day) ?? 0).toFixed(2)}"
          y="${(SIZE.height - height).toFixed(2)}"
          width="${x.bandwidth().toFixed(2)}"
          height="${height.toFixed(2)}"
        />`;
  });
  const highest = Math.max(...counts);
  const when = days[counts.indexOf(highest)] ?? "";
  const times = total === 1 ? "1 failure" : `${total} failures`;
  return html`<figure class="chart">
    <figcaption>${codeNamed(code)} <strong>${total}</strong></figcaption>
    <svg
      viewBox="0 0 ${SIZE.width} ${SIZE.height + 1}"
      role="img"
      aria-label="${times} in ${DAYS} days, most of them on ${dayName(when)}: ${highest}"
    >
      ${bars}
      <path class="axis" d="M0 ${SIZE.height + 0.5}h${SIZE.width}" />
    </svg>
    <p class="chart-ends">
      <span>${dayName(days[0] ?? "")}</span><span>${dayName(days.at(-1) ?? "")}</span>
    </p>
  </figure>`;
}

const DAY = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric", timeZone: "UTC" });

function dayName(day: string): string {
  return DAY.format(new Date(`${day}T00:00:00Z`));
}

/** Days on which something failed, the newest first. */
function table(all: readonly Series[], days: readonly string[]): Html {
  const rows = days
    .map((day, index) => ({ day, counts: all.map(({ counts }) => counts[index] ?? 0) }))
    .filter(({ counts }) => counts.some((count) => count > 0))
    .toReversed();
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Failures by day">
    <table>
      <thead>
        <tr>
          <th scope="col">Day</th>
          ${all.map(({ code }) => html`<th scope="col">${codeNamed(code)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ day, counts }) =>
            html`<tr>
              <th scope="row">${dayName(day)}</th>
              ${counts.map((count) => html`<td>${count}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
