import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { openWorld, patient, requested, started, TOKENS, tokens, watch } from "./world.ts";

test("killed while its session waits: no worker begins with it", async () => {
  const world = await openWorld();
  const { host } = await world.replica();
  const request = requested();
  const bot = await world.bot(request);
  await vi.waitUntil(async () => (await world.rows.find(request.sessionId)) !== null, 20_000);
  await bot.kill();
  expect(await host.attach(request, TOKENS)).toEqual({ type: "gone" });
  await world.worker("one");
  const other = requested();
  await host.open(other, tokens, patient());
  expect(world.noted()).toEqual([`begin ${other.sessionId} gho_owner ghs_fetch`]);
});

test("killed while its session waits, and asked for again by another replica: it's one session", async () => {
  const world = await openWorld();
  const { host } = await world.replica();
  const request = requested();
  const bot = await world.bot(request);
  await vi.waitUntil(async () => (await world.rows.find(request.sessionId)) !== null, 20_000);
  await bot.kill();
  const opening = host.open(request, tokens, patient());
  await world.worker("one");
  expect(started(await opening).id).toBe(request.sessionId);
  expect(world.noted()).toEqual([`begin ${request.sessionId} gho_owner ghs_fetch`]);
});

test.for(["open", "attach"] as const)(
  "killed while a worker opens its session (then %s): another replica gets it",
  async (again) => {
    const world = await openWorld();
    const { host } = await world.replica();
    const worker = await world.worker("one", { HOLD: "workspace" });
    const request = requested();
    const bot = await world.bot(request);
    await worker.line("held");
    await bot.kill();
    const reached =
      again === "open" ? host.open(request, tokens, patient()) : host.attach(request, TOKENS);
    await sleep(300);
    worker.release();
    expect((await reached).type).toBe(again === "open" ? "started" : "session");
    expect(world.noted()).toEqual([`begin ${request.sessionId} gho_owner ghs_fetch`]);
  },
);

test("killed before its prompt was sent: another replica sends it, once", async () => {
  const world = await openWorld();
  const { host } = await world.replica();
  const worker = await world.worker("one", { HOLD: "prompt" });
  const request = requested();
  const bot = await world.bot(request);
  await worker.line("held");
  await bot.kill();
  const attachment = await host.attach(request, TOKENS);
  if (attachment.type !== "session") throw new Error(attachment.type);
  expect(attachment.session.hosted.hasPrompt).toBe(false);
  const delivery = attachment.session.deliver("from the second");
  worker.release();
  expect(await delivery).toBe("delivered");
  await watch(attachment.session).until("idle");
  expect(world.noted().filter((line) => line.startsWith("prompt"))).toEqual([
    `prompt ${request.sessionId} from the second`,
  ]);
});

test("killed while the agent works: another replica sees all of it", async () => {
  const world = await openWorld();
  const { host } = await world.replica();
  const worker = await world.worker("one", { HOLD: "working" });
  const request = requested();
  const bot = await world.bot(request);
  await worker.line("held");
  await bot.kill();
  const attachment = await host.attach(request, TOKENS);
  if (attachment.type !== "session") throw new Error(attachment.type);
  expect(attachment.session.hosted.hasPrompt).toBe(true);
  const { until, types } = watch(attachment.session);
  await until("working");
  worker.release();
  await until("idle");
  expect(types()).toEqual(["working", "said", "idle"]);
  expect(await attachment.session.deliver("from the second")).toBe("delivered");
  expect(world.noted().filter((line) => line.startsWith("prompt"))).toEqual([
    `prompt ${request.sessionId} from the first`,
  ]);
});
