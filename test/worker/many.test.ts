import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { HostedSession, SessionHost } from "../../src/ports/session-host.ts";
import { openWorld, patient, requested, TOKENS, tokens, watch } from "./world.ts";

const TASKS = 50;

/** Does what the bot does with a task, until its commits are pushed. @returns how often it had to begin again */
async function runTask(host: SessionHost, taskId: string): Promise<number> {
  let request = requested({ taskId });
  let beginnings = 1;
  let session = await opened();

  async function opened(): Promise<HostedSession> {
    for (;;) {
      const opening = await host.open(request, tokens, patient());
      if (opening.type === "started") return opening.session;
      if (opening.type !== "failed" || !opening.failure.nothingCreated) {
        throw new Error(JSON.stringify(opening));
      }
      request = requested({ taskId });
      beginnings += 1;
    }
  }

  async function again(): Promise<HostedSession> {
    for (;;) {
      const attachment = await host.attach(request, TOKENS);
      if (attachment.type === "session") return attachment.session;
      if (attachment.type !== "away") throw new Error(JSON.stringify(attachment));
      await sleep(500);
    }
  }

  for (;;) {
    const delivered = await session.deliver(`fix ${taskId}`);
    const { until, types } = watch(session);
    if (delivered === "delivered") await Promise.race([until("idle"), lost(session)]);
    if (!session.lost.aborted && !types().includes("said")) await session.say("go on");
    if (!session.lost.aborted) {
      const pushed = await session.hosted.push("ghs_push").catch(() => null);
      if (pushed !== null) break;
    }
    session = await again();
  }
  await host.remove(request);
  return beginnings;
}

function lost({ lost: signal }: HostedSession): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

test("50 tasks on two workers, one killed: none runs twice, and all end", async () => {
  const world = await openWorld();
  const replicas = [await world.replica(), await world.replica()];
  const one = await world.worker("one", { PLACES: "4" });
  await world.worker("two", { PLACES: "4" });
  const tasks = Array.from({ length: TASKS }, (_, index) => {
    const { host } = replicas[index % 2] ?? replicas[0] ?? { host: null };
    if (host === null) throw new Error("no replica");
    return runTask(host, requested().taskId);
  });
  const all = Promise.all(tasks);
  while (world.noted().filter((line) => line.startsWith("push")).length < 10) await sleep(20);
  await one.kill();
  await sleep(500);
  await world.worker("one", { PLACES: "4" });
  const beginnings = await all;
  const prompts = world.noted().filter((line) => line.startsWith("prompt"));
  const tasksWithPrompt = prompts.map((line) => line.split(" ").at(-1));
  expect(new Set(tasksWithPrompt).size).toBe(TASKS);
  // No task has two sessions that were given its prompt.
  expect(tasksWithPrompt).toHaveLength(TASKS);
  expect(beginnings.every((count) => count <= 2)).toBe(true);
  expect(await world.database.selectFrom("hostedSessions").selectAll().execute()).toEqual([]);
  expect(replicas.flatMap(({ errors }) => errors)).toEqual([]);
});
