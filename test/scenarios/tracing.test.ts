import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { UNPACED_BOT } from "../../sandbox/chaos/unpaced.ts";
import type { BotProcess } from "../../sandbox/demo/bot.ts";
import { startBot } from "../../sandbox/demo/bot.ts";
import { freePort } from "../../sandbox/free-port.ts";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { copilotAccount, hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { Behavior } from "../../sandbox/mission-control/behavior.ts";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import { chosenProgram } from "../../src/copilot/program.ts";
import { isComplete } from "../runs.ts";
import { temporaryDirectory } from "../store/opened.ts";
import { kindsOf, tracesOf } from "../tracing/kinds.ts";
import type { ReceivedSpan } from "../tracing/otlp.ts";
import { startReceiver } from "../tracing/receiver.ts";
import { botComments, RUNTIME } from "./world.ts";

// Their bots take long to start.
vi.setConfig({ testTimeout: 120_000 });

let github: LoopbackGitHub;
let missionControl: MissionControl;
let bots: BotProcess[] = [];

beforeEach(async () => {
  missionControl = await startMissionControl();
  github = await startGitHub();
});

afterEach(async () => {
  await Promise.all(bots.map((bot) => bot.stop()));
  bots = [];
  await github.close();
  await missionControl.close();
});

/** Starts a bot that sends its spans there. */
async function start(endpoint: string, settings: Readonly<Record<string, string>> = {}) {
  const bot = await startBot(
    {
      DATA_DIR: temporaryDirectory(),
      FOLLOW_MINUTES: "0",
      COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      ...github.environment,
      ...missionControl.environment,
      ...RUNTIME,
      ...settings,
    },
    UNPACED_BOT,
  );
  bots.push(bot);
  github.deliverTo(`${bot.url}/api/github/webhooks`);
  return bot;
}

/** What strangers wrote, which is in no trace. */
const STRANGERS = {
  title: "Zanzibar crashes",
  body: "Ask quokkas, ghp_0123456789abcdefghijABCDEFGHIJ012345",
};

async function label(behavior: Behavior = {}) {
  missionControl.behaveOnce(behavior);
  const octocat = github.as("octocat");
  const issue = await octocat.openIssue(hello, STRANGERS);
  await octocat.label(issue, "copilot:triage");
  return issue;
}

function services(spans: readonly ReceivedSpan[]) {
  return [...new Set(spans.map(({ resource }) => resource["service.name"]))];
}

/** One for each process that has sent spans. */
function processes(spans: readonly ReceivedSpan[]) {
  return [...new Set(spans.map(({ resource }) => resource["service.instance.id"]))];
}

describe("a task", () => {
  it("is one trace, from its webhook until the bot has nothing left to do for it", async () => {
    const receiver = await startReceiver();
    const headers = join(temporaryDirectory(), "headers");
    writeFileSync(headers, "x-api-key=s3cret-key\n");
    const bot = await start(receiver.endpoint, {
      FOLLOW_MINUTES: "5",
      OTEL_EXPORTER_OTLP_HEADERS_FILE: headers,
      OTEL_SERVICE_NAME: "bot-of-ours",
    });
    const issue = await label();
    await botComments({ github }, issue);
    const { id = "" } = missionControl.tasks[0] ?? {};
    missionControl.emit(id, "assistant.message", { messageId: "m1", content: "Wombats did it." });
    missionControl.emit(id, "session.task_complete", { summary: "Wombats did it." });
    await bot.logged("task settled");
    await bot.stop();

    const kinds = kindsOf(receiver.spans);
    const started = "task queued > start task";
    const comments = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
    expect(kinds).toEqual(
      expect.arrayContaining([
        "task queued",
        "task queued > task",
        "task queued > receive task",
        "task queued > receive task > gate",
        "task queued > receive task > gate > GET /repos/{owner}/{repo}/collaborators/{username}/permission",
        "task queued > receive task > gate > POST /graphql",
        "task queued > receive task > gate > store record",
        started,
        `${started} > store begin`,
        `${started} > copilot create`,
        `${started} > copilot ready`,
        `${started} > copilot prompt`,
        `${started} > copilot events`,
        `${started} > comment`,
        `${started} > comment > POST ${comments}`,
        `${started} > comment > store record`,
      ]),
    );
    expect(kinds.filter((kind) => !kind.startsWith("task queued"))).toEqual([]);
    const words = receiver.spans.flatMap(({ name, events }) => [name, ...events]);
    expect(words.filter((word) => !/^[\w{}/ -]+$/u.test(word))).toEqual([]);
    expect(tracesOf(receiver.spans)).toHaveLength(1);
    for (const line of bot.lines.filter((one) => one.includes('"taskId"'))) {
      expect(line).toContain(`"trace_id":"${tracesOf(receiver.spans)[0]}"`);
    }
    expect(receiver.spans.filter(({ hasFailed }) => hasFailed)).toEqual([]);
    expect(receiver.spans.find(({ name }) => name === "task")?.attributes).toMatchObject({
      "copilot_task.kind": "triage",
      "copilot_task.state": "completed",
      "copilot_task.trigger": "label",
    });
    expect(services(receiver.spans)).toEqual(["bot-of-ours"]);
    const { text } = receiver;
    expect(receiver.headers["x-api-key"]).toBe("s3cret-key");
    for (const secret of [
      ...Object.values(STRANGERS),
      "Wombats",
      "octocat",
      hello.owner,
      "s3cret-key",
      github.as(copilotAccount).token,
    ]) {
      expect(text).not.toContain(secret);
    }
  });

  // Replicas show it, too.
  it.runIf(isComplete)("is one trace, even if the bot is killed and started again", async () => {
    const receiver = await startReceiver();
    const DATA_DIR = temporaryDirectory();
    const first = await start(receiver.endpoint, { DATA_DIR });
    const issue = await label({ workerDelayMs: 60_000 });
    await receiver.until((spans) => spans.some(({ name }) => name === "receive task"));
    await first.kill();
    const second = await start(receiver.endpoint, { DATA_DIR });
    await botComments({ github }, issue);
    await second.logged("task settled");
    await second.stop();

    expect(tracesOf(receiver.spans)).toHaveLength(1);
    expect(processes(receiver.spans)).toHaveLength(2);
    expect(receiver.spans.filter(({ parentId }) => parentId === "")).toMatchObject([
      { name: "task queued" },
    ]);
    const task = receiver.spans.filter(({ name }) => name === "task");
    expect(task).toMatchObject([
      {
        hasFailed: true,
        attributes: { "error.type": "interrupted", "copilot_task.state": "failed" },
      },
    ]);
  });
});

describe.runIf(isComplete)("the Copilot runtime", () => {
  it("gets the trace context of what it's asked to do, and nothing else of the tracing", async () => {
    const receiver = await startReceiver();
    const { program, written } = recordedRuntime();
    const bot = await start(receiver.endpoint, {
      COPILOT_RUNTIME: program,
      OTEL_EXPORTER_OTLP_HEADERS: "x-api-key=s3cret-key",
    });
    await botComments({ github }, await label());
    await bot.stop();

    const contexts = [...written().matchAll(/"traceparent":"(?<context>[^"]+)"/gu)];
    const asked = ["copilot create", "copilot prompt"].map((name) => {
      const span = receiver.spans.find((one) => one.name === name);
      return `00-${span?.traceId}-${span?.spanId}-01`;
    });
    expect(contexts.map(({ groups }) => groups?.["context"])).toEqual(asked);
    expect(written()).not.toMatch(/s3cret-key|OTEL_/u);
  });
});

/** The project's runtime, with its environment and all that is written to it in a file. */
function recordedRuntime() {
  const directory = temporaryDirectory();
  const record = join(directory, "written");
  const program = join(directory, "copilot");
  const runtime = RUNTIME["COPILOT_RUNTIME"] ?? chosenProgram("bundled") ?? "";
  const command = runtime.endsWith(".js") ? `'${process.execPath}' '${runtime}'` : `'${runtime}'`;
  const lines = ["#!/bin/sh", `env >'${record}'`, `tee -a '${record}' | ${command} "$@"`];
  writeFileSync(program, lines.join("\n"), { mode: 0o755 });
  return { program, written: () => readFileSync(record, "utf8") };
}

describe.runIf(isComplete)("what tracing takes", () => {
  it("is loaded only where spans are sent", async () => {
    const receiver = await startReceiver();
    for (const endpoint of ["", receiver.endpoint]) {
      const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(PRINT_LOADED)}`;
      const bot = await start(endpoint, { NODE_OPTIONS });
      await botComments({ github }, await label());
      await bot.stop();
      const loaded = bot.lines.flatMap((line) => /^loaded (?<url>.+)$/u.exec(line)?.[1] ?? []);
      expect(loaded.length).toBeGreaterThan(5);
      const its = loaded.filter((url) =>
        /@opentelemetry\//u.test(readFileSync(new URL(url), "utf8")),
      );
      expect(its).toHaveLength(endpoint === "" ? 0 : 1);
    }
    expect(tracesOf(receiver.spans)).toHaveLength(1);
  });
});

/** Prints the files that a process loads. */
const PRINT_LOADED = `
  import { registerHooks } from "node:module";
  registerHooks({
    load(url, context, next) {
      if (url.startsWith("file:")) process.stdout.write("loaded " + url + "\\n");
      return next(url, context);
    },
  });
`;

describe.runIf(isComplete)("a receiver of spans that", () => {
  it("is down costs a line of the log, and nothing else", async () => {
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    const bot = await start(endpoint, { OTEL_EXPORTER_OTLP_TIMEOUT: "100" });
    await botComments({ github }, await label());
    await bot.logged(LOST);
    await botComments({ github }, await label());
    expect(await bot.stop()).toBe(0);
    expect(bot.lines.filter((line) => line.includes("traces"))).toHaveLength(1);
  });

  it("never answers doesn't keep the bot from its work, nor from its end", async () => {
    const asked = Promise.withResolvers<void>();
    const endpoint = await startSilent(asked.resolve);
    const bot = await start(endpoint, { OTEL_EXPORTER_OTLP_TIMEOUT: "600000" });
    await botComments({ github }, await label());
    await asked.promise;
    await botComments({ github }, await label());
    expect(await bot.stop()).toBe(0);
  });

  it("refuses them, and says why, gets none of that into the log", async () => {
    const endpoint = await startSilent(() => {}, 401);
    const bot = await start(endpoint, {
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: "authorization=Bearer%20s3cret",
    });
    await botComments({ github }, await label());
    await bot.logged(LOST);
    expect(bot.lines.join("\n")).not.toContain("s3cret");
  });
});

const LOST = "traces can't be sent: spans are lost until they can";

/** Takes requests, and answers them with this status and what was asked; never, unless it's given. */
async function startSilent(onRequest: () => void, status?: number): Promise<string> {
  const server = createServer((request, response) => {
    onRequest();
    const { authorization } = request.headers;
    if (status !== undefined) response.writeHead(status, `No ${authorization}`).end(authorization);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("it has no port");
  return `http://127.0.0.1:${address.port}`;
}
