import { hostname } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BotProcess } from "../../sandbox/demo/bot.ts";
import { organization } from "../../sandbox/github/seed.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import type { TestDatabase } from "../store/test-database.ts";
import { createTestDatabase } from "../store/test-database.ts";
import { kindsOf, tracesOf } from "../tracing/kinds.ts";
import { startReceiver } from "../tracing/receiver.ts";
import type { Machines } from "./own-machines.ts";
import { APPROVE, bash, openMachines } from "./own-machines.ts";
import { botComments } from "./world.ts";

const POLICY = "runs_on: { default: self-hosted }\n";
const own = { owner: organization, repo: "own" };

let database: TestDatabase;
let machines: Machines;
/** A replica without sessions of its own, from the first story on. */
let other: BotProcess | null = null;

beforeAll(async () => {
  database = await createTestDatabase();
  machines = await openMachines([own.repo], database.url);
  await machines.github.git.commit(own, {
    files: { "README.md": "Helo\n", ".github/copilot-tasks.yml": POLICY },
    message: "Say hello",
  });
});

afterAll(async () => {
  await machines.close();
  await database.drop();
});

/** A replica of the bot, with so many sessions at once on its own machine. */
function startReplica(sessions: number, settings: Readonly<Record<string, string>> = {}) {
  const all = { SELF_HOSTED_SESSIONS: `${sessions}`, ...settings };
  return machines.startBot(machines.directory(), all);
}

async function ask() {
  const { github, missionControl } = machines;
  missionControl.play({
    prompt: "A typo in the README",
    turns: [
      { calls: [bash("sed -i s/Helo/Hello/ README.md && git commit -qam 'Fix the typo'")] },
      { says: "I've fixed the typo." },
    ],
  });
  const octocat = github.as("octocat");
  const issue = await octocat.openIssue(own, { title: "A typo in the README" });
  await octocat.label(issue, "copilot:fix");
  // A notice may say it before the task's own comment does.
  const shown = (words: string) =>
    botComments(
      { github },
      { ...own, number: issue.number },
      (body) => body.startsWith("<!-- copilot-task:") && body.includes(words),
    );
  return { octocat, issue, shown };
}

// workers-crash.test.ts kills a worker at each step of a session.
describe.skipIf(!hasBubblewrap)("a task on a worker", () => {
  it("goes on when the replica that follows it is killed, and ends in a draft pull request", async () => {
    const { github } = machines;
    const receiver = await startReceiver();
    const traced = {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: "x-api-key=s3cret-key",
      OTEL_BSP_SCHEDULE_DELAY: "100",
    };
    const first = await startReplica(0, traced);
    const worker = await machines.startWorker(machines.directory(), traced);
    const { octocat, issue, shown } = await ask();
    const [asking = ""] = await shown("/copilot approve");
    expect(asking).toContain("Runs on the administrator's machine `builder`, isolated");
    other = await startReplica(0, traced);
    await receiver.until((spans) => spans.some(({ name }) => name === "machine open"));
    await first.kill();
    await other.logged("session followed again");
    await octocat.comment(issue, APPROVE.exec(asking)?.[1] ?? "");
    const [done = ""] = await shown("/pull/");
    expect(done).toContain("I've fixed the typo.");
    const branches = Object.keys(github.git.branches(own)).filter((name) =>
      name.startsWith("copilot/"),
    );
    expect(branches).toHaveLength(1);
    expect(github.git.files(own, branches[0] ?? "")["README.md"]).toBe("Hello\n");

    await receiver.until((spans) => spans.some(({ name }) => name === "machine push"));
    const kinds = kindsOf(receiver.spans).map((kind) => kind.replace(/^.*> start task/u, "start"));
    expect(kinds).toEqual(
      expect.arrayContaining([
        "start > machine open",
        "start > machine open > machine wait",
        "start > copilot prompt",
        "task queued > worker open",
        "task queued > worker open > checkout",
        "task queued > worker open > sandbox",
        "task queued > worker open > runtime start",
      ]),
    );
    // The approval has a trace of its own.
    const ofSession = receiver.spans.filter(({ name }) => /^(?:machine|worker) /u.test(name));
    expect(tracesOf(ofSession)).toHaveLength(1);
    for (const words of ["typo", "octocat", organization, "builder", "s3cret-key"]) {
      expect(receiver.text).not.toContain(words);
    }
    expect(worker.log.join("\n")).not.toContain("s3cret-key");
    expect(await worker.stop()).toBe(0);
  });

  it("runs on the machine of one replica, and is followed by another one that hasn't any", async () => {
    const machine = await startReplica(1);
    other ??= await startReplica(0);
    machines.github.deliverTo(`${other.url}/api/github/webhooks`);
    const { shown } = await ask();
    const [asking = ""] = await shown("/copilot approve");
    expect(asking).toContain(`Runs on the administrator's machine \`${hostname()}\`, isolated`);
    // In order: the session's runtime ends, and its state stays.
    expect(await machine.stop()).toBe(0);
    await shown(`The administrator's machine \`${hostname()}\` hasn't been reached since`);
    expect(await other.stop()).toBe(0);
  });
});
