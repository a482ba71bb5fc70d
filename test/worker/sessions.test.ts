import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import type { HostedRequest } from "../../src/ports/session-host.ts";
import { openWorld, patient, requested, started, TOKENS, tokens, watch } from "./world.ts";

test("a session runs on a worker, and everything that it can do arrives", async () => {
  const world = await openWorld();
  const { host, errors } = await world.replica();
  await world.worker("one");
  const taken: string[] = [];
  const request = requested();
  const session = started(
    await host.open(request, tokens, { ...patient(), onTaken: (machine) => taken.push(machine) }),
  );
  expect(taken).toEqual(["one"]);
  expect(session).toMatchObject({
    id: request.sessionId,
    repository: "octo-org/hello",
    branch: request.commit,
    canResume: true,
    hosted: { machine: "one", isIsolated: true, shared: { type: "shared", url: null } },
  });
  const { seen, until, types } = watch(session);
  expect(await session.deliver("fix it\0", () => Promise.resolve(false))).toBe("unwanted");
  expect(await session.deliver("which one?", () => Promise.resolve(true))).toBe("delivered");
  await until("asked");
  expect(session.canAnswer("1")).toBe(true);
  expect(session.canAnswer("2")).toBe(false);
  expect(await session.answer("2", { approved: true })).toBe("not_waiting");
  expect(await session.answer("1", { approved: true, text: "the first" })).toBe("answered");
  await until("idle");
  expect(types()).toEqual(["working", "asked", "answered", "working", "said", "idle"]);
  expect(seen.find(({ type }) => type === "said")).toMatchObject({ text: "the first" });
  expect(await session.say("thanks")).toBe("delivered");
  expect(await session.link(10)).toBe(
    `https://github.com/octo-org/hello/tasks/${request.sessionId}`,
  );
  expect(await session.abort()).toBe("aborted");
  expect(await session.hosted.usage()).toEqual({
    requests: 3,
    inputTokens: 100,
    outputTokens: 20,
    linesAdded: 1,
    linesRemoved: 0,
  });
  expect(await session.hosted.share()).toEqual({ type: "shared", url: "https://github.com/" });
  expect(await session.hosted.unshare()).toBe(true);
  await expect(session.hosted.push("refused")).rejects.toThrow("GitHub doesn't take it");
  expect(await session.hosted.push("ghs_push")).toEqual({
    type: "pushed",
    commit: "a".repeat(40),
  });
  await host.remove(request);
  expect(session.lost.aborted).toBe(true);
  expect(await session.say("more")).toBe("unwatched");
  expect(await session.deliver("more")).toBe("unwatched");
  await expect(session.hosted.push("ghs_push")).rejects.toThrow("one doesn't answer");
  expect(world.noted()).toEqual([
    `begin ${request.sessionId} gho_owner ghs_fetch`,
    `prompt ${request.sessionId} which one?`,
    `say ${request.sessionId} thanks`,
    `push ${request.sessionId} ghs_push`,
    `remove ${request.sessionId}`,
  ]);
  expect(errors).toEqual([]);
  // Nothing is left of it.
  await vi.waitUntil(
    async () => (await world.database.selectFrom("hostingMail").selectAll().execute()).length === 0,
  );
  expect(await world.database.selectFrom("hostedSessions").selectAll().execute()).toEqual([]);
});

test("no token is ever readable in the database", async () => {
  const world = await openWorld();
  const { host } = await world.replica();
  const written: string[] = [];
  const send = vi.spyOn(world.mail, "send");
  await world.worker("one");
  const request = requested();
  const session = started(await host.open(request, tokens, patient()));
  await session.hosted.push("ghs_push");
  for (const [letters] of send.mock.calls) written.push(JSON.stringify(letters));
  const rows = await world.database.selectFrom("hostedSessions").selectAll().execute();
  written.push(JSON.stringify(rows));
  expect(written.length).toBeGreaterThan(2);
  expect(written.join()).not.toMatch(/gho_|ghs_/u);
  await host.remove(request);
});

test("a call waits for no poll: PostgreSQL notifies of each letter", async () => {
  vi.useFakeTimers({ toFake: ["setInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const world = await openWorld();
  const { host } = await world.replica();
  await world.worker("one");
  const session = started(await host.open(requested(), tokens, patient()));
  for (let call = 0; call < 5; call += 1) await session.hosted.usage();
});

test("what can't be opened says why, and a defect is one", async () => {
  const world = await openWorld();
  const { host } = await world.replica();
  const worker = await world.worker("one");
  const logged = (request: HostedRequest, failure: object) =>
    worker.line(
      `a session could not be opened ${JSON.stringify({ taskId: request.taskId, sessionId: request.sessionId, ...failure })}`,
    );
  const failing = requested({ model: "none" });
  expect(await host.open(failing, tokens, patient())).toEqual({
    type: "failed",
    failure: {
      code: "model_not_available",
      message: "there is no such model",
      nothingCreated: true,
    },
  });
  await logged(failing, { code: "model_not_available", message: "there is no such model" });
  expect(await host.attach(failing, TOKENS)).toMatchObject({ type: "ended" });
  expect(await host.open(requested({ model: "broken" }), tokens, patient())).toMatchObject({
    type: "failed",
    failure: { code: "unknown", message: "a defect" },
  });
  const refused = requested({ owner: "evil" });
  expect(await host.open(refused, tokens, patient())).toMatchObject({
    type: "failed",
    failure: { message: "not allowed here" },
  });
  await logged(refused, { code: "unknown", message: "not allowed here" });
  await host.remove(failing);
  expect(await host.attach(failing, TOKENS)).toEqual({ type: "gone" });
});

function labeled(labels: readonly string[]) {
  return requested({
    terms: { labels, egress: [], sharing: "never", push: "branch", checkout: [] },
  });
}

test("a session waits for a machine with all its labels, and for room", async () => {
  const world = await openWorld();
  const { host } = await world.replica();
  await world.worker("plain");
  const wanted = labeled(["large", "gpu"]);
  const served: boolean[] = [];
  const onWaiting = (isServed: boolean) => void served.push(isServed);
  const opening = host.open(wanted, tokens, { ...patient(), onWaiting });
  await sleep(1_000);
  expect(world.noted()).toEqual([]);
  expect(served).toEqual([false]);
  await world.worker("gpu", { LABELS: "gpu,large,arm64", PLACES: "1" });
  const first = started(await opening);
  expect(first.hosted.machine).toBe("gpu");
  const taken: string[] = [];
  const second = host.open(labeled(["gpu"]), tokens, {
    ...patient(),
    onWaiting,
    onTaken: (machine) => taken.push(machine),
  });
  await sleep(2_500);
  expect(taken).toEqual([]);
  expect(served).toEqual([false, true]);
  const gpu = (await world.workers.all()).find(({ name }) => name === "gpu");
  expect(gpu).toMatchObject({ labels: ["gpu", "large", "arm64"], places: 1, taken: 1 });
  await first.detach();
  expect(started(await second).hosted.machine).toBe("gpu");
});

test("what is withdrawn while it waits never begins", async () => {
  const world = await openWorld();
  const { host } = await world.replica();
  const withdrawn = new AbortController();
  const request = requested();
  const opening = host.open(request, tokens, { withdrawn: withdrawn.signal, onTaken: () => {} });
  await sleep(100);
  withdrawn.abort();
  expect(await opening).toEqual({ type: "withdrawn" });
  await world.worker("one");
  const other = requested();
  await host.open(other, tokens, patient());
  expect(world.noted()).toEqual([`begin ${other.sessionId} gho_owner ghs_fetch`]);
});

test("a session that's asked for twice is one, and belongs to whoever asked last", async () => {
  const world = await openWorld();
  const [first, second] = [await world.replica(), await world.replica()];
  await world.worker("one");
  const request = requested();
  const one = started(await first.host.open(request, tokens, patient()));
  await one.deliver("hello");
  const ofOne = watch(one);
  await ofOne.until("idle");
  const attached = await second.host.attach(request, TOKENS);
  if (attached.type !== "session") throw new Error(attached.type);
  const ofOther = watch(attached.session);
  await ofOther.until("idle");
  expect(ofOther.seen).toEqual(ofOne.seen);
  await vi.waitUntil(() => one.lost.aborted);
  expect(one.lost.reason).not.toBe("token");
  expect(await one.say("still me")).toBe("unwatched");
  expect(await attached.session.say("me")).toBe("delivered");
  expect(started(await first.host.open(request, tokens, patient())).id).toBe(request.sessionId);
  expect(world.noted().filter((line) => line.startsWith("begin"))).toHaveLength(1);
});

test("a replica that ends in order leaves its sessions running", async () => {
  const world = await openWorld();
  const [first, second] = [await world.replica(), await world.replica()];
  await world.worker("one");
  const request = requested();
  const one = started(await first.host.open(request, tokens, patient()));
  await one.deliver("hello");
  first.stopping.abort();
  await one.detach();
  await first.host.close();
  const attached = await second.host.attach(request, TOKENS);
  if (attached.type !== "session") throw new Error(attached.type);
  await watch(attached.session).until("idle");
  // It has never ended.
  expect(world.noted().filter((line) => line.startsWith("resume"))).toEqual([]);
  await attached.session.detach();
  const again = await second.host.attach(request, TOKENS);
  expect(again.type).toBe("session");
  expect(world.noted().at(-1)).toBe(`resume ${request.sessionId}`);
});

const noTokens = () => Promise.reject(new Error("GitHub gives no token"));

test("a bot without tokens for it gives it up, and a machine keeps no room for it", async () => {
  const world = await openWorld();
  const { host } = await world.replica();
  await world.worker("one", { PLACES: "1" });
  const request = requested();
  await expect(host.open(request, noTokens, patient())).rejects.toThrow("GitHub gives no token");
  expect(await host.attach(request, TOKENS)).toEqual({ type: "gone" });
  const freeAt = performance.now();
  expect(started(await host.open(requested(), tokens, patient())).hosted.machine).toBe("one");
  expect(performance.now() - freeAt).toBeLessThan(20_000);
  expect(world.noted()).toHaveLength(1);
});

test("tokens that take longer than a machine waits for them are given to the next that claims the session", async () => {
  const world = await openWorld();
  const { host, errors } = await world.replica();
  await world.worker("one", { ANSWER_MS: "500" });
  let asked = 0;
  const slowly = async () => {
    asked += 1;
    await sleep(2_000);
    return TOKENS;
  };
  const session = started(await host.open(requested(), slowly, patient()));
  expect(session.hosted.machine).toBe("one");
  expect([asked, errors]).toEqual([1, []]);
});

test("what is withdrawn while its tokens are looked up ends at once, and a machine keeps no room for it", async () => {
  const world = await openWorld();
  const { host } = await world.replica();
  await world.worker("one", { PLACES: "1" });
  const withdrawn = new AbortController();
  const never = vi.fn(() => Promise.withResolvers<typeof TOKENS>().promise);
  const opening = host.open(requested(), never, { ...patient(), withdrawn: withdrawn.signal });
  await vi.waitUntil(() => never.mock.calls.length === 1, 20_000);
  withdrawn.abort();
  expect(await opening).toEqual({ type: "withdrawn" });
  const other = requested();
  expect(started(await host.open(other, tokens, patient())).hosted.machine).toBe("one");
  expect(world.noted()).toEqual([`begin ${other.sessionId} gho_owner ghs_fetch`]);
});

test("a replica that ends waits for no tokens", async () => {
  const world = await openWorld();
  const { host } = await world.replica();
  await world.worker("one");
  const failing = Promise.withResolvers<typeof TOKENS>();
  const never = vi.fn(() => failing.promise);
  const opening = host.open(requested(), never, patient());
  await vi.waitUntil(() => never.mock.calls.length === 1, 20_000);
  await host.close();
  expect(await opening).toEqual({ type: "withdrawn" });
  // Nobody waits for them anymore.
  failing.reject(new Error("GitHub gives no token"));
});

test("a call of somebody who has lost the session, and doesn't know it yet, does nothing", async () => {
  const world = await openWorld();
  const { host } = await world.replica();
  await world.worker("one");
  const request = requested();
  const { sessionId } = request;
  await host.open(request, tokens, patient());
  const fence = ((await world.rows.find(sessionId))?.fence ?? 0) - 1;
  const [worker] = await world.workers.all();
  const recipient = worker?.process ?? "";
  const call = { type: "say", text: "too late" };
  const content = { sessionId, fence, id: "call", from: "a bot", call };
  await world.mail.send([{ id: "letter", recipient, content }]);
  const answers = await vi.waitUntil(async () => {
    const letters = await world.mail.read("a bot");
    return letters.length > 0 && letters;
  }, 20_000);
  expect(answers.map((one) => one.content)).toEqual([
    { sessionId, fence, notice: { type: "fenced" } },
  ]);
  expect(world.noted()).toEqual([`begin ${sessionId} gho_owner ghs_fetch`]);
});
