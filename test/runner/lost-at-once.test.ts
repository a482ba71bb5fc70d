import { expect, test, vi } from "vitest";
import { GITHUB_COM } from "../../src/core/github/hosts.ts";
import { ALLOWED } from "../core/policy/allowed.ts";
import { subjectWith, surveyWith } from "../core/survey.ts";
import { temporaryDirectory } from "../store/opened.ts";
import { inserted } from "../store/story.ts";
import { commanded } from "../store/trigger.ts";
import { TIMEOUTS } from "../timeouts.ts";
import { createPlayedHost } from "../worker/played-host.ts";
import { clockedBot, createClock } from "./clocked-bot.ts";

/** A session on an own machine has its prompt, its agent comes so far, and then no machine has it anymore. */
async function lose(agent: "begins" | "speaks") {
  const survey = surveyWith({ subject: subjectWith({}) });
  const file = { blob: "b10b", text: "runs_on: self-hosted\npush: never" };
  const policy = { repository: { ...survey.policy.repository, file }, organization: null };
  const noted: string[] = [];
  const bodies: string[] = [];
  const held = new Promise<void>(() => {});
  const sessionHost = createPlayedHost({
    directory: temporaryDirectory(),
    machine: "builder",
    note: (line) => noted.push(line.split(" ")[0] ?? ""),
    at: (step) => (step === "working" && agent === "begins" ? held : Promise.resolve()),
  });
  const { runner, store } = await clockedBot({
    clock: createClock(),
    github: {
      survey: () => Promise.resolve({ ...survey, policy }),
      createComment: (_task, body) => Promise.resolve(bodies.push(body)),
      updateComment: (_task, _id, body) => Promise.resolve(void bodies.push(body)),
      repositoryToken: () =>
        Promise.resolve({ type: "token", token: "ghs_fetch", expiresAt: "2026-11-29T13:00:00Z" }),
    },
    identities: {},
    selfHosting: ALLOWED,
    sessionHost,
    hosts: GITHUB_COM,
    timeouts: { ...TIMEOUTS, followMs: 3_600_000, editEveryMs: 0 },
  });
  const { id } = await inserted(store.tasks, commanded(1));
  const task = async () => {
    const found = await store.tasks.get(id);
    if (found === null) throw new TypeError("no task");
    return found;
  };
  expect(await runner.receive(id)).toBe("start");
  await runner.start(id);
  await vi.waitUntil(async () => (await task()).session.prompt.deliveredAt !== null, 10_000);
  if (agent === "speaks")
    await vi.waitUntil(async () => (await task()).session.progress.said !== null, 10_000);
  await sessionHost.remove({ taskId: id, sessionId: (await task()).session.id ?? "" });
  return { runner, id, noted, bodies, task };
}

test("a session that no machine has anymore begins anew if its agent hasn't done anything that anybody saw", async () => {
  const { runner, id, noted } = await lose("begins");
  await vi.waitUntil(async () => {
    await runner.start(id);
    return noted.filter((line) => line === "prompt").length === 2;
  }, 10_000);
  expect(noted).toEqual(["begin", "prompt", "remove", "begin", "prompt"]);
  await runner.stop();
});

test("otherwise, nothing is done twice, and its comment says that the bot has lost it", async () => {
  const { runner, id, noted, bodies } = await lose("speaks");
  await vi.waitUntil(async () => {
    await runner.start(id);
    return bodies.at(-1)?.includes("the bot lost contact with the session");
  }, 10_000);
  expect(noted).toEqual(["begin", "prompt", "remove"]);
  await runner.stop();
});
