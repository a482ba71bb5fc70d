import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Figure } from "./figure.ts";
import { acknowledged, ignored } from "./figures/webhooks.ts";
import { manyLabels, oneTask } from "./figures/sessions.ts";
import { memory } from "./figures/memory.ts";
import { replicas } from "./figures/replicas.ts";
import { requests } from "./figures/requests.ts";
import { start } from "./figures/start.ts";
import { store } from "./figures/store.ts";
import { describeMachine } from "./machine.ts";
import type { Row } from "./measurement.ts";
import { renderTable } from "./table.ts";

// Measures the bot, each figure against a floor that is measured in the same run:
// `npm run bench -- [NAME …] [--rounds N] [--json FILE]`. docs/performance.md tells what each one means.

const FIGURES: readonly Figure[] = [
  acknowledged,
  ignored,
  oneTask,
  manyLabels,
  requests,
  memory,
  start,
  replicas,
  store,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "5" }, json: { type: "string" } },
});

const names = FIGURES.map(({ name }) => name);
const unknown = positionals.filter((name) => !names.includes(name));
const rounds = Number(values.rounds);
if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
  const usage = `Figures: ${names.map((name) => JSON.stringify(name)).join(", ")}. --rounds takes a whole number.`;
  process.stderr.write(
    `${unknown.map((name) => `There is no figure "${name}". `).join("")}${usage}\n`,
  );
  process.exit(64); // EX_USAGE of sysexits.h
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-bench-"));
const machine = describeMachine(directory);
const rows: Row[] = [];
const began = performance.now();
try {
  for (const figure of FIGURES) {
    if (positionals.length > 0 && !positionals.includes(figure.name)) continue;
    const figureBegan = performance.now();
    rows.push(...(await figure.measure({ rounds, directory, say })));
    say(`${figure.name}: ${Math.round((performance.now() - figureBegan) / 1_000)} s`);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
const seconds = Math.round((performance.now() - began) / 1_000);
process.stdout.write(`${renderTable(rows)}\n\n${machine.join("; ")}; ${seconds} s\n`);
if (values.json !== undefined) {
  const result = { at: new Date().toISOString(), seconds, machine, rows };
  writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
}
