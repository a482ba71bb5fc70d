import { expect, test } from "vitest";
import { GITHUB_COM } from "../../src/core/github/hosts.ts";
import type { Lane, Task } from "../../src/core/task/task.ts";
import type { GitHub } from "../../src/ports/github.ts";
import type { Identities } from "../../src/ports/identities.ts";
import type { Ports } from "../../src/ports/ports.ts";
import type { Next } from "../../src/ports/queue.ts";
import { createRunner } from "../../src/runner/runner.ts";
import { surveyWith } from "../core/survey.ts";
import { openStore } from "../store/opened.ts";
import { inserted } from "../store/story.ts";
import { commanded } from "../store/trigger.ts";
import { TIMEOUTS } from "../timeouts.ts";

const HOUR_MS = 3_600_000;
const START = Date.parse("2026-11-29T12:00:00.000Z");

const never = () => Promise.reject(new Error("not asked here"));

/** What GitHub answers, by the hours that have passed; the account of all sessions is always known. */
interface Played {
  readonly survey: (hours: number) => Partial<Parameters<typeof surveyWith>[0]> | "503";
  readonly text?: () => Promise<string>;
  readonly createComment?: (hours: number) => "503" | "written";
}

const refuse = () => Promise.reject(new Error("503"));

/** A bot on a clock of the test's own that handles one task until nothing is left to do; gives its hours. */
async function handle(played: Played): Promise<{ task: Task | null; hours: number }> {
  let at = START;
  const now = () => new Date(at);
  const hours = () => (at - START) / HOUR_MS;
  const { tasks, sessionCommands, approvals, waitingRequesters } = await openStore(undefined, {
    now,
  });
  const github: GitHub = {
    survey() {
      const answer = played.survey(hours());
      return answer === "503" ? refuse() : Promise.resolve(surveyWith(answer));
    },
    roleOf: never,
    membership: never,
    branch: never,
    text: () => played.text?.() ?? never(),
    react: () => Promise.resolve(),
    findComment: () => Promise.resolve(null),
    writeCheckRun: never,
    createComment: () =>
      played.createComment?.(hours()) === "written" ? Promise.resolve(1) : refuse(),
    deleteComment: never,
    updateComment: never,
    addLabel: never,
    removeLabel: never,
    whereabouts: never,
    troubleOf: ({ message }: Error) =>
      message === "503" ? { type: "unreachable", message } : null,
  };
  const identities: Identities = {
    choose: () => ({ type: "chosen", identity: null }),
    identityFor: () =>
      Promise.resolve({ type: "identity", token: "gho_copilot", usableUntil: null }),
    accounts: () => Promise.resolve([]),
    isConnected: never,
    disconnect: never,
    diagnose: never,
  };
  const ports: Ports = {
    tasks,
    approvals,
    sessionCommands,
    doctor: never,
    github,
    identities,
    waitingRequesters,
    copilot: { open: never, attach: never, hasRoom: () => Promise.resolve(true) },
    log: { info() {}, warn() {}, error() {} },
    stopping: new AbortController().signal,
    processAgain() {},
    now,
    chance: () => 0,
    nonce: () => "0".repeat(32),
    digest: (text) => text,
  };
  const timeouts = { ...TIMEOUTS, giveUpMs: 24 * HOUR_MS };
  const runner = createRunner(ports, { hosts: GITHUB_COM, timeouts, maxFollowed: 1 });
  const { id } = await inserted(tasks, commanded(1));
  let lane: Lane = "receive";
  for (let next: Next = { afterMs: 0 }; next !== "done";) {
    at += typeof next === "object" ? next.afterMs : 0;
    next = await runner[lane](id);
    if (next === "start") lane = "start";
  }
  return { task: await tasks.get(id), hours: hours() };
}

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const text = "prompts: { triage: { path: .github/triage.md } }";
const WITH_TEMPLATE = {
  policy: { repository: { commit: COMMIT, file: { blob: COMMIT, text } }, organization: null },
};

test("the time for which a comment is tried begins when GitHub refuses it, not when it refused what came before", async () => {
  const { task, hours } = await handle({
    survey: (passed) => (passed < 20 ? "503" : { archived: true }),
    createComment: (passed) => (passed < 30 ? "503" : "written"),
  });
  expect(task?.outcome).toMatchObject({ type: "denied", reason: "repository_archived" });
  expect(task?.shown.comment.id).toBe(1);
  expect(Math.floor(hours)).toBe(30);
});

test.each<[string, Played]>([
  ["the survey", { survey: () => "503" }],
  ["the template", { survey: () => WITH_TEMPLATE, text: () => Promise.reject(new Error("503")) }],
])(
  "%s that GitHub refuses is asked for for 24 hours, though it answers what's asked before",
  async (_what, played) => {
    const { task, hours } = await handle({ ...played, createComment: () => "written" });
    expect(task?.outcome).toMatchObject({ type: "failed", code: "github_unreachable" });
    expect(hours).toBe(24);
  },
);
