import type { Row, Sample, Target } from "./measurement.ts";

const HEAD = ["figure", "ours", "floor", "ratio (median, spread)", "to reach", "reached?"];

/** The rows as a Markdown table. */
export function renderTable(rows: readonly Row[]): string {
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = HEAD, ...body] = cells;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  const notes = rows.flatMap(({ figure, note }) =>
    note === undefined ? [] : [`${figure}: ${note}`],
  );
  return [line(head), rule, ...body.map(line), "", ...notes].join("\n");
}

function cellsOf({ figure, unit, ours, floor, ratio, target, reached }: Row): string[] {
  return [
    figure,
    `${number(ours.median)} ${unit}${ratio === null ? spread(ours) : ""}`,
    floor === null ? "" : `${number(floor.median)} ${unit}`,
    ratio === null ? "" : `${ratio.median.toFixed(2)}${spread(ratio)}`,
    target === null ? "" : shown(target),
    reached === null ? "" : reached ? "yes" : "no",
  ];
}

function spread({ least, most, rounds }: Sample): string {
  return rounds.length < 2 ? "" : ` (${number(least)}–${number(most)})`;
}

function shown(target: Target): string {
  return `${target.type === "at least" ? "≥" : "≤"} ${target.value}`;
}

/** Three figures that count. */
function number(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 2 });
}
