import { createMetrics } from "../../src/metrics/registry.ts";

/** The metrics of a bot that does nothing, and whose database is away. */
export async function idleMetrics(): Promise<string> {
  const { text } = await createMetrics({
    readings: {
      process: () => ({
        sessions: { all: 0, followed: 0 },
        maxFollowed: 1,
        runtimes: { isReady: true, processes: [], waiting: 0 },
        server: { connections: 0, pages: 0, streams: 0 },
      }),
      database: () => Promise.reject(new Error("away")),
    },
    now: Date.now,
  }).read();
  return text;
}

/** The samples of a text of metrics: `name{label="value"}` and their values. */
export function samplesIn(text: string): ReadonlyMap<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

/** The names of the metrics of a text, those without samples too. */
export function metricsIn(text: string): readonly string[] {
  return Array.from(
    text.matchAll(/^# TYPE (?<name>\S+) /gmu),
    ({ groups }) => groups?.["name"] ?? "",
  );
}
