import { expect, test, vi } from "vitest";
import type { SessionHost } from "../../src/ports/session-host.ts";
import { isComplete } from "../runs.ts";
import type { Step } from "./played-host.ts";
import { openWorld, patient, requested, started, TOKENS, tokens, watch } from "./world.ts";

/** What test/scenarios/workers-crash.test.ts shows with real runtimes. */
const ALSO_WITH_RUNTIMES = test.runIf(isComplete);

/** What a bot that processes its task again sees next: not that the machine is away. */
async function back(host: SessionHost, request: ReturnType<typeof requested>) {
  return vi.waitUntil(
    async () => {
      const attachment = await host.attach(request, TOKENS);
      return attachment.type === "away" ? null : attachment;
    },
    { timeout: 30_000, interval: 200 },
  );
}

/** A session on a worker that is held at a step. */
async function held(step: Step) {
  const world = await openWorld();
  const { host } = await world.replica();
  const worker = await world.worker("one", { HOLD: step });
  const request = requested();
  return { world, host, worker, request };
}

test("killed with a session that it has claimed and not been given: another worker takes it", async () => {
  const world = await openWorld();
  const { host, jobs } = await world.replica();
  const request = requested();
  await world.rows.request(request, "a bot that is gone");
  const worker = await world.worker("one");
  await jobs.send([], request.sessionId);
  await vi.waitUntil(
    async () => (await world.rows.find(request.sessionId))?.state === "claimed",
    20_000,
  );
  await worker.kill();
  await world.worker("two");
  expect(started(await host.open(request, tokens, patient())).hosted.machine).toBe("two");
});

test.for<Step>(isComplete ? ["room", "workspace", "opened"] : ["opened"])(
  "killed while it opens a session (%s): the task may begin anew, and nothing of it stays",
  async (step) => {
    const { world, host, worker, request } = await held(step);
    const opening = host.open(request, tokens, patient());
    await worker.line("held");
    const killedAt = performance.now();
    await worker.kill();
    expect(await opening).toEqual({
      type: "failed",
      failure: {
        code: "runtime_crashed",
        message: "one ended while the session was being opened",
        nothingCreated: true,
      },
      isMachineGone: true,
    });
    expect(performance.now() - killedAt).toBeLessThan(10_500);
    expect(await host.attach(request, TOKENS)).toEqual({ type: "gone" });
    await world.worker("one");
    await vi.waitUntil(() => world.noted().includes(`remove ${request.sessionId}`), 20_000);
    // The row goes once the files have.
    const rows = () => world.database.selectFrom("hostedSessions").selectAll().execute();
    await vi.waitUntil(async () => (await rows()).length === 0, 20_000);
    const again = requested({ taskId: request.taskId });
    expect(started(await host.open(again, tokens, patient())).id).toBe(again.sessionId);
  },
);

ALSO_WITH_RUNTIMES.for<Step>(["prompt", "prompted"])(
  "killed while it sends the prompt (%s): the session is away, and gets its prompt once",
  async (step) => {
    const { world, host, worker, request } = await held(step);
    const session = started(await host.open(request, tokens, patient()));
    const delivery = session.deliver("fix it");
    await worker.line("held");
    const killedAt = performance.now();
    await worker.kill();
    expect(await delivery).toBe("unwatched");
    expect(session.lost.aborted).toBe(true);
    expect(performance.now() - killedAt).toBeLessThan(10_500);
    expect(await host.attach(request, TOKENS)).toEqual({ type: "away", machine: "one" });
    await world.worker("two");
    expect(await host.attach(request, TOKENS)).toEqual({ type: "away", machine: "one" });
    await world.worker("one");
    const attachment = await back(host, request);
    if (attachment.type !== "session") throw new Error(attachment.type);
    expect(await attachment.session.deliver("fix it")).toBe("delivered");
    await watch(attachment.session).until("working");
    expect(world.noted().filter((line) => line.startsWith("prompt"))).toEqual([
      `prompt ${request.sessionId} fix it`,
    ]);
  },
);

ALSO_WITH_RUNTIMES(
  "killed while the agent works: the session stays its own, and goes on when it's back",
  async () => {
    const { world, host, worker, request } = await held("working");
    const session = started(await host.open(request, tokens, patient()));
    expect(await session.deliver("fix it")).toBe("delivered");
    const before = watch(session);
    await before.until("working");
    await worker.kill();
    await vi.waitUntil(() => session.lost.aborted, 12_000);
    expect(await host.attach(request, TOKENS)).toEqual({ type: "away", machine: "one" });
    await world.worker("one");
    const attachment = await back(host, request);
    if (attachment.type !== "session") throw new Error(attachment.type);
    const after = watch(attachment.session);
    await attachment.session.say("go on");
    await after.until("idle");
    expect(after.seen).toEqual([...before.seen, ...after.seen.slice(before.seen.length)]);
  },
);

ALSO_WITH_RUNTIMES.for<Step>(["push", "pushed"])(
  "killed while it pushes (%s): it's known that nobody knows",
  async (step) => {
    const { world, host, worker, request } = await held(step);
    const session = started(await host.open(request, tokens, patient()));
    const pushed = expect(session.hosted.push("ghs_push")).rejects.toThrow("one doesn't answer");
    await worker.line("held");
    await worker.kill();
    await pushed;
    await world.worker("one");
    const attachment = await back(host, request);
    if (attachment.type !== "session") throw new Error(attachment.type);
    expect(await attachment.session.hosted.push("ghs_push")).toMatchObject({ type: "pushed" });
  },
);

test("stopped in order: hands back what it hasn't begun, says that it's away, and resumes", async () => {
  const world = await openWorld();
  const { host, jobs } = await world.replica();
  const one = await world.worker("one");
  const request = requested();
  const session = started(await host.open(request, tokens, patient()));
  const unanswered = requested();
  await world.rows.request(unanswered, "a bot that is gone");
  await jobs.send([], unanswered.sessionId);
  const state = async () => (await world.rows.find(unanswered.sessionId))?.state;
  await vi.waitUntil(async () => (await state()) === "claimed", 20_000);
  const stopped = one.kill("SIGTERM");
  await vi.waitUntil(() => session.lost.aborted, 5_000);
  await stopped;
  expect(await state()).toBe("waiting");
  expect(await host.attach(request, TOKENS)).toEqual({ type: "away", machine: "one" });
  await world.worker("one");
  expect((await back(host, request)).type).toBe("session");
});

test("a second process with the same identity takes its place, and the first one ends", async () => {
  const world = await openWorld();
  const { host } = await world.replica();
  const first = await world.worker("one");
  const request = requested();
  const session = started(await host.open(request, tokens, patient()));
  await world.worker("one");
  await first.exited;
  await vi.waitUntil(() => session.lost.aborted, 12_000);
  expect((await back(host, request)).type).toBe("session");
});

test("what an agent had committed before its session ended for good is pushed, whenever that's asked for", async () => {
  const world = await openWorld();
  const { host } = await world.replica();
  const worker = await world.worker("one");
  const request = requested({ model: "limited" });
  const session = started(await host.open(request, tokens, patient()));
  await session.detach();
  const ended = { type: "ended", failure: { code: "limit_exceeded", cause: "time" } };
  const pushed = { type: "pushed", commit: "b".repeat(40) };
  expect(await host.attach(request, TOKENS)).toMatchObject(ended);
  expect(await host.push(request, "ghs_first")).toEqual(pushed);
  await worker.kill("SIGTERM");
  expect(await host.attach(request, TOKENS)).toMatchObject(ended);
  await expect(host.push(request, "ghs_away")).rejects.toThrow("one doesn't answer");
  await world.worker("one");
  expect(await host.push(request, "ghs_second")).toEqual(pushed);
  expect(world.noted().filter((line) => line.startsWith("push"))).toEqual(
    ["ghs_first", "ghs_second"].map((token) => `push ${request.sessionId} ${token}`),
  );
  await host.remove(request);
  await expect(host.push(request, "ghs_gone")).rejects.toThrow("no machine has the session");
});

test("a worker of another version takes nothing, says so, and its sessions wait", async () => {
  const world = await openWorld();
  const { host } = await world.replica();
  const worker = await world.worker("one");
  const request = requested();
  const session = started(await host.open(request, tokens, patient()));
  await session.deliver("fix it");
  await watch(session).until("idle");
  await worker.kill("SIGTERM");
  const other = requested();
  const opening = host.open(other, tokens, patient());
  await vi.waitUntil(async () => (await world.rows.find(other.sessionId))?.state === "waiting");
  const newer = await world.worker("one", { VERSION: "2" });
  await newer.line(
    "the bot has another version than this worker, which takes nothing from it: install the same version on both, and restart them",
  );
  expect(await host.attach(request, TOKENS)).toEqual({ type: "away", machine: "one" });
  expect((await world.rows.find(other.sessionId))?.state).toBe("waiting");
  await newer.kill("SIGTERM");
  await world.worker("one");
  expect(started(await opening).hosted.machine).toBe("one");
  expect((await back(host, request)).type).toBe("session");
});
