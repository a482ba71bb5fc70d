import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PUSH_STOPS } from "../../src/core/workspace/push-check.ts";
import { idleMetrics, metricsIn } from "./samples.ts";

const DOCUMENT = readFileSync("docs/monitoring.md", "utf8");

/** Name, type, and labels of each metric, as the document's tables have them. */
function documented(): Map<string, string> {
  const rows = DOCUMENT.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const ofMetrics = rows.filter(([, , type]) => /^(?:counter|gauge|histogram)$/u.test(type ?? ""));
  return new Map(
    ofMetrics.flatMap(([, names = "", type = "", , labels = ""]) =>
      codesIn(names).map((name) => [name, `${type} ${codesIn(labels).join()}`] as const),
    ),
  );
}

function codesIn(cell: string): string[] {
  return Array.from(cell.matchAll(/`(?<code>[^`]+)`/gu), ({ groups }) => groups?.["code"] ?? "");
}

/** The same of the metrics themselves; only what has samples shows labels. */
async function served() {
  const text = await idleMetrics();
  return { text, names: metricsIn(text) };
}

test("every metric is documented, and every documented one is served", async () => {
  const { names } = await served();
  expect([...documented().keys()].toSorted()).toEqual([...names].toSorted());
});

test("the documented types are those that are served", async () => {
  const { text, names } = await served();
  const types = names.map((name) => [name, /^# TYPE \S+ (\S+)$/mu.exec(lineOf(text, name))?.[1]]);
  expect(types).toEqual(names.map((name) => [name, documented().get(name)?.split(" ")[0]]));
});

function lineOf(text: string, name: string): string {
  return text.split("\n").find((line) => line.startsWith(`# TYPE ${name} `)) ?? "";
}

test("the labels of samples are documented", async () => {
  const { text } = await served();
  const wrong = [...text.matchAll(/^(?<name>\w+)\{(?<labels>[^}]*)\}/gmu)].flatMap(({ groups }) => {
    const { name = "", labels = "" } = groups ?? {};
    const metric = documented().has(name) ? name : name.replace(/_(?:bucket|sum|count)$/u, "");
    const known = documented().get(metric)?.split(" ")[1]?.split(",") ?? [];
    const used = Array.from(labels.matchAll(/(?<label>\w+)="/gu), (found) => found[1] ?? "");
    return used.filter((label) => label !== "le" && !known.includes(label)).map((l) => [name, l]);
  });
  expect(wrong).toEqual([]);
});

test("why commits aren't pushed is documented", () => {
  const sentence = /`reason` of those that were stopped: (?<reasons>[^;]*);/u.exec(DOCUMENT);
  expect(codesIn(sentence?.groups?.["reasons"] ?? "")).toEqual([...PUSH_STOPS]);
});
