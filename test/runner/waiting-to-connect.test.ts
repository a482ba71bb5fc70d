import { expect, test } from "vitest";
import { renderComment } from "../../src/core/comment/comment.ts";
import { hostsOf } from "../../src/core/github/hosts.ts";
import type { Lane, Task } from "../../src/core/task/task.ts";
import { waitingForConnection, waitingForPlace } from "../../src/core/task/transitions/starting.ts";
import type { Identity } from "../../src/ports/identities.ts";
import type { NewConnectionRow } from "../../src/ports/connection-rows.ts";
import type { Next } from "../../src/ports/queue.ts";
import { taskWith } from "../core/task.ts";
import { surveyWith } from "../core/survey.ts";
import { inserted } from "../store/story.ts";
import { commanded } from "../store/trigger.ts";
import { TIMEOUTS } from "../timeouts.ts";
import { away, clockedBot, createClock, HOUR_MS } from "./clocked-bot.ts";
import type { IdentityChoice } from "../../src/core/policy/identity-choice.ts";

const HOSTS = hostsOf({
  GHE_PROTOCOL: "https",
  connecting: { publicUrl: "https://bot.example.com" },
});

const { requester } = commanded(1);

/** What becomes of a task, by the hours that have passed. */
interface Played {
  /** @param looks how often it was asked before */
  readonly identity: (hours: number, looks: number) => Identity["type"];
  readonly comments?: (hours: number) => "503" | "written";
  /** What the policy says. */
  readonly chosen?: (hours: number) => IdentityChoice;
}

const CONNECTED: NewConnectionRow = {
  userId: requester.id,
  login: requester.login,
  host: "github.com",
  kind: "app",
  rights: { plan: null, cloudSessions: null, remoteControl: null },
  sealed: { token: "v1.sealed", refreshToken: null },
  connectedAt: "2026-11-29T22:00:00.000Z",
  expiresAt: null,
};

const OCTOCATS: Identity = { type: "identity", token: "ghu_octocat", usableUntil: null };

const THE_BOTS: Identity = { type: "identity", token: "github_pat_bot", usableUntil: null };

const IDENTITIES: Readonly<Record<Identity["type"], Identity>> = {
  identity: OCTOCATS,
  not_connected: { type: "not_connected" },
  unavailable: { type: "unavailable" },
  unreachable: { type: "unreachable", message: "503" },
};

/** Handles one task until nothing is left to do. */
async function handle({
  identity,
  comments = () => "written",
  chosen = () => "requester",
}: Played) {
  const clock = createClock();
  const { hours } = clock;
  let looks = 0;
  const bodies: string[] = [];
  const tokens: string[] = [];
  const write = (body: string) => {
    if (comments(hours()) === "503") return away();
    bodies.push(body);
    return Promise.resolve(1);
  };
  const { runner, store } = await clockedBot({
    clock,
    github: {
      survey: () => Promise.resolve(surveyWith({})),
      createComment: (_task, body) => write(body),
      updateComment: async (_task, _id, body) => void (await write(body)),
    },
    identities: {
      choose: () => ({ type: "chosen", identity: chosen(hours()) }),
      identityFor({ decision }) {
        if (decision.identity === "bot") return Promise.resolve(THE_BOTS);
        looks += 1;
        return Promise.resolve(IDENTITIES[identity(hours(), looks - 1)]);
      },
      isConnected: () => Promise.resolve(true),
    },
    copilot: {
      open({ token }) {
        tokens.push(token);
        return Promise.resolve({ type: "failed", failure: REFUSAL });
      },
    },
    hosts: HOSTS,
    timeouts: { ...TIMEOUTS, connectMs: 72 * HOUR_MS },
  });
  const { tasks, connectionRows } = store;
  const { id } = await inserted(tasks, commanded(1));
  let lane: Lane = "receive";
  let next: Next = { afterMs: 0 };
  let task: Task | null = null;
  do {
    // What rests is looked for as in the sweeps: those of connections, and of forgotten tasks.
    if (next === "done") clock.pass(HOUR_MS);
    else if (typeof next === "object") clock.pass(next.afterMs);
    if (next === "done" && identity(hours(), looks) === "identity") {
      await connectionRows.put(CONNECTED);
    }
    if (next === "done") await runner.pollConnections();
    const isDue = next !== "done" || (await tasks.waiting()).includes(id);
    if (isDue) next = await runner[lane](id);
    if (next === "start") lane = "start";
    task = await tasks.get(id);
  } while (task?.settledAt === null && hours() < 200);
  return { task, hours: hours(), bodies, tokens };
}

const REFUSAL = { code: "policy_blocked", message: "No.", nothingCreated: true } as const;

const headings = (bodies: readonly string[]) =>
  bodies.map((body) => /^### (?<heading>.*)$/mu.exec(body)?.groups?.["heading"]);

test("a task whose requester doesn't connect in time is canceled, in words", async () => {
  const { task, hours, bodies } = await handle({ identity: () => "not_connected" });
  expect(hours).toBe(72);
  expect(task?.outcome).toEqual({ type: "canceled", why: "not_connected" });
  expect(headings(bodies)).toEqual([
    "✋ Connect your Copilot: triage",
    "⏹️ Copilot didn't start: triage",
  ]);
  expect(bodies[1]).toContain("The requester didn't connect their Copilot in time.");
});

test("whoever connects between the look and the rest doesn't wait", async () => {
  const { hours, bodies } = await handle({
    identity: (_hours, looks) => (looks === 0 ? "not_connected" : "identity"),
  });
  expect(hours).toBe(0);
  expect(headings(bodies)).toEqual([
    "✋ Connect your Copilot: triage",
    "❌ Copilot couldn't start: triage",
  ]);
});

test("a comment that GitHub refuses is written later, and who connects then is waited for no longer", async () => {
  const { hours, bodies } = await handle({
    identity: (passed) => (passed < 10 ? "not_connected" : "identity"),
    comments: (passed) => (passed < 2 ? "503" : "written"),
  });
  expect(headings(bodies)[0]).toBe("✋ Connect your Copilot: triage");
  expect(Math.floor(hours)).toBe(10);
});

test("a task that waits starts with the bot's Copilot if the policy says so by then", async () => {
  const { hours, bodies, tokens } = await handle({
    identity: () => "not_connected",
    chosen: (passed) => (passed < 9.5 ? "requester" : "bot"),
  });
  expect(hours).toBeGreaterThan(9.5);
  expect(hours).toBeLessThan(11);
  expect(headings(bodies)).toEqual([
    "✋ Connect your Copilot: triage",
    "❌ Copilot couldn't start: triage",
  ]);
  expect(tokens).toEqual(["github_pat_bot"]);
});

test("a token that can't be refreshed now is asked for again", async () => {
  const { hours, bodies } = await handle({
    identity: (passed) => (passed < 0.5 ? "unreachable" : "identity"),
  });
  expect(hours).toBeGreaterThan(0.5);
  expect(hours).toBeLessThan(0.75);
  expect(headings(bodies)).toEqual(["❌ Copilot couldn't start: triage"]);
});

test("a task that waited in line says that it waits for its requester now", () => {
  const queued = waitingForPlace(
    taskWith({ decision: { kind: "triage" } }),
    "2026-11-29T12:00:00.000Z",
    1,
  );
  const comment = renderComment(waitingForConnection(queued, "2026-12-02T12:00:00.000Z"), HOSTS);
  expect(headings([renderComment(queued, HOSTS), comment])).toEqual([
    "⏳ Copilot is waiting in line: triage",
    "✋ Connect your Copilot: triage",
  ]);
});

test("a stop that comes while the comment is being written doesn't wait for the requester", async () => {
  const bodies: string[] = [];
  let stop: (() => Promise<void>) | null = null;
  const { runner, store } = await clockedBot({
    clock: createClock(),
    github: {
      survey: () => Promise.resolve(surveyWith({})),
      async createComment(_task, body) {
        bodies.push(body);
        await stop?.();
        return 1;
      },
      updateComment: (_task, _id, body) => Promise.resolve(void bodies.push(body)),
    },
    identities: {
      choose: () => ({ type: "chosen", identity: "requester" }),
      identityFor: () => Promise.resolve(IDENTITIES.not_connected),
    },
    hosts: HOSTS,
    timeouts: { ...TIMEOUTS, connectMs: 72 * HOUR_MS },
  });
  const { id } = await inserted(store.tasks, commanded(1));
  await runner.receive(id);
  stop = async () => {
    const command = await inserted(store.tasks, commanded(2, { trigger: { name: "stop" } }));
    expect(await runner.receive(command.id)).toBe("done");
  };
  await runner.start(id);
  // The bot processes a task again that was being moved when somebody stopped it.
  expect(await runner.receive(id)).toBe("start");
  expect(await runner.start(id)).toBe("done");
  expect(headings(bodies)).toEqual([
    "✋ Connect your Copilot: triage",
    "⏹️ Copilot was stopped: triage",
  ]);
});
