import type { ReceivedSpan } from "./otlp.ts";

/** Each kind of span once, below the kinds that it's below, in alphabetical order. */
export function kindsOf(spans: readonly ReceivedSpan[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const pathOf = (span: ReceivedSpan): string => {
    const parent = byId.get(span.parentId);
    if (parent === undefined) return span.parentId === "" ? span.name : `? > ${span.name}`;
    return `${pathOf(parent)} > ${span.name}`;
  };
  return [...new Set(spans.map(pathOf))].toSorted();
}

/** The ids of the traces that spans belong to. */
export function tracesOf(spans: readonly ReceivedSpan[]): string[] {
  return [...new Set(spans.map(({ traceId }) => traceId))];
}
