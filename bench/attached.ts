import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { MissionControl } from "../sandbox/mission-control/server.ts";
import { startMissionControl } from "../sandbox/mission-control/server.ts";
import { checked, program } from "../script/lib/program.ts";
import { wholeNumber } from "../script/lib/values.ts";
import type { CloudSession } from "../src/ports/copilot.ts";
import type { Copilot } from "../src/ports/copilot.ts";
import { createCopilot } from "../src/copilot/copilot.ts";
import { createRuntimes } from "../src/copilot/runtimes.ts";

const [SESSIONS] = program(
  "node bench/attached.ts",
  "Measures what it costs to follow sessions: the memory of one runtime and its requests to a loopback Mission Control, with no session, with all of them at rest, and while each agent does something every second.",
)
  .argument("[sessions]", "how many", checked(wholeNumber(1, 10_000)), 50)
  .parse().processedArgs;

const PERIOD_MS = 20_000;
const SILENT = { info() {}, warn() {} };
const TIMEOUTS = { startMs: 60_000, lateStartMs: 60_000, deliveryMs: 30_000, confirmMs: 30_000 };
/** As long as what a tool may say. */
const RESULT = "x".repeat(4_000);

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** In MiB, of the runtime's process and those below it. */
function memory(): number {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,rss=,args="], { encoding: "utf8" });
  const rows = Array.from(table.matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)\s(.*)$/gmu), (row) => ({
    pid: Number(row[1]),
    parent: Number(row[2]),
    kilobytes: Number(row[3]),
    command: row[4] ?? "",
  }));
  const family = new Set([process.pid]);
  for (const { pid, parent, command } of rows) {
    if (family.has(parent) && command.includes("copilot")) family.add(pid);
  }
  family.delete(process.pid);
  const own = rows.filter(({ pid }) => family.has(pid));
  return Math.round(own.reduce((sum, { kilobytes }) => sum + kilobytes, 0) / 1_024);
}

async function measure(missionControl: MissionControl, what: string): Promise<void> {
  const requests = missionControl.requests.length;
  const processor = process.cpuUsage();
  await sleep(PERIOD_MS);
  const perSecond = (missionControl.requests.length - requests) / (PERIOD_MS / 1_000);
  const { user, system } = process.cpuUsage(processor);
  const share = Math.round((user + system) / 10 / PERIOD_MS);
  say(
    `${what}: runtime ${memory()} MiB, bot ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB, ` +
      `${perSecond.toFixed(1)} requests/s, bot and Mission Control ${share} % of a processor`,
  );
}

async function open(copilot: Copilot, index: number): Promise<CloudSession> {
  const request = { owner: "octo", repository: `r${index}`, branch: "main", token: `gho_${index}` };
  const opening = await copilot.open(request);
  if (opening.type !== "started") throw new Error(JSON.stringify(opening));
  await opening.session.deliver("Fix it.");
  return opening.session;
}

/** Each agent uses a tool and writes a message. */
function work(missionControl: MissionControl, round: number): void {
  for (const { id } of missionControl.tasks) {
    const toolCallId = `call-${round}`;
    const result = { content: RESULT };
    missionControl.emit(id, "assistant.turn_start", { turnId: String(round) });
    missionControl.emit(id, "tool.execution_start", { toolCallId, toolName: "bash" });
    missionControl.emit(id, "tool.execution_complete", { toolCallId, success: true, result });
    missionControl.emit(id, "assistant.message", { messageId: `m-${round}`, content: "Working." });
  }
}

const directory = await mkdtemp(join(tmpdir(), "bench-attached-"));
const missionControl = await startMissionControl();
missionControl.behave({ workerDelayMs: 0 });
const variables = { ...process.env, ...missionControl.environment };
const runtime = createRuntimes({ directory, variables, log: SILENT });
await runtime.running();
await measure(missionControl, "no session");

const copilot = createCopilot(runtime, TIMEOUTS, SILENT);
const begun = performance.now();
const sessions = await Promise.all(
  Array.from({ length: SESSIONS }, (_, index) => open(copilot, index)),
);
say(`${SESSIONS} sessions with their prompts after ${Math.round(performance.now() - begun)} ms`);
let observed = 0;
for (const session of sessions) {
  session.observe(() => {
    observed += 1;
  });
}
await measure(missionControl, "at rest");

let round = 0;
const working = setInterval(() => {
  work(missionControl, round);
  round += 1;
}, 1_000);
await measure(missionControl, "at work");
await measure(missionControl, "at work, later");
clearInterval(working);
await sleep(3_000);
say(`${observed} of ${round * SESSIONS * 3} observations arrived`);

const reached = performance.now();
await Promise.all(sessions.map((session) => session.detach()));
const again = await Promise.all(
  sessions.map(({ id }, index) =>
    copilot.attach(id, { owner: "octo", repository: `r${index}`, branch: "main", token: "gho_x" }),
  ),
);
const back = again.filter((session) => session !== null);
say(`${back.length} sessions reached again after ${Math.round(performance.now() - reached)} ms`);
await Promise.all(back.map((session) => session.detach()));
await measure(missionControl, "all detached");

await runtime.stop();
await missionControl.close();
await rm(directory, { recursive: true, force: true });
