import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checked, program } from "../script/lib/program.ts";
import { wholeNumber } from "../script/lib/values.ts";
import { Argument } from "@commander-js/extra-typings";
import type { Figure } from "./figure.ts";
import { acknowledged, ignored } from "./figures/webhooks.ts";
import { manyLabels, oneTask } from "./figures/sessions.ts";
import { memory } from "./figures/memory.ts";
import { acknowledgedBesidePages, openPages } from "./figures/open-pages.ts";
import { pages } from "./figures/pages.ts";
import { replicas } from "./figures/replicas.ts";
import { requests } from "./figures/requests.ts";
import { selfHosted, selfHostedAtOnce, selfHostedSession } from "./figures/self-hosted.ts";
import { start } from "./figures/start.ts";
import { store } from "./figures/store.ts";
import { describeMachine } from "./machine.ts";
import type { Row } from "./measurement.ts";
import { renderTable } from "./table.ts";

const FIGURES: readonly Figure[] = [
  acknowledged,
  ignored,
  acknowledgedBesidePages,
  oneTask,
  manyLabels,
  requests,
  memory,
  openPages,
  start,
  replicas,
  selfHosted,
  selfHostedSession,
  selfHostedAtOnce,
  store,
  pages,
];

const names = FIGURES.map(({ name }) => name);
const command = program(
  "npm run bench --",
  "Measures the bot, each figure against a floor measured in the same run. docs/performance.md explains the figures.",
)
  .addArgument(
    new Argument("[figures...]", "which figures to measure; without it, all").choices(names),
  )
  .option("--rounds <number>", "how often each is measured", checked(wholeNumber(1, 1_000)), 5)
  .option("--json <file>", "also write the result to a file")
  .parse();
const [wanted] = command.processedArgs;
const { rounds, json } = command.opts();

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-bench-"));
const machine = describeMachine(directory);
const rows: Row[] = [];
const began = performance.now();
try {
  for (const figure of FIGURES) {
    if (wanted.length > 0 && !wanted.includes(figure.name)) continue;
    const figureBegan = performance.now();
    rows.push(...(await figure.measure({ rounds, directory, say })));
    say(`${figure.name}: ${Math.round((performance.now() - figureBegan) / 1_000)} s`);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
const seconds = Math.round((performance.now() - began) / 1_000);
process.stdout.write(`${renderTable(rows)}\n\n${machine.join("; ")}; ${seconds} s\n`);
if (json !== undefined) {
  const result = { at: new Date().toISOString(), seconds, machine, rows };
  writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
}
