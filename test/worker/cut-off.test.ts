import { sql } from "kysely";
import { expect, onTestFinished, test, vi } from "vitest";
import { openConnection } from "../cut-connection.ts";
import { isComplete } from "../runs.ts";
import { openWorld, patient, requested, started, TOKENS, tokens, watch } from "./world.ts";

test.runIf(isComplete)(
  "when all connections to the database break, nothing is lost, and no session ends",
  async () => {
    const world = await openWorld();
    const { host } = await world.replica();
    await world.worker("one");
    const request = requested();
    const session = started(await host.open(request, tokens, patient()));
    const { seen, until } = watch(session);
    await session.deliver("hello");
    await until("idle");
    const before = seen.length;
    for (let time = 0; time < 5; time += 1) {
      const said = session.say(`message ${time}`);
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(world.database);
      expect(await said).toBe("delivered");
    }
    await until("idle");
    expect(await session.say("the last one")).toBe("delivered");
    expect(session.lost.aborted).toBe(false);
    // Each message was sent once, and each makes three observations.
    const said = world.noted().filter((line) => line.startsWith("say"));
    expect(said).toEqual(
      ["message 0", "message 1", "message 2", "message 3", "message 4", "the last one"].map(
        (text) => `say ${request.sessionId} ${text}`,
      ),
    );
    await expect.poll(() => seen.length).toBe(before + 18);
  },
);

test("a worker that's cut off from the database for too long ends its agents, which go on when it's back", async () => {
  const world = await openWorld();
  const { host } = await world.replica();
  const url = new URL(world.url);
  const connection = await openConnection(url.hostname, Number(url.port));
  onTestFinished(() => connection.close());
  url.port = String(connection.port);
  const worker = await world.worker("one", { HOLD: "working", CUT_OFF_MS: "3000" }, url.href);
  const request = requested();
  const session = started(await host.open(request, tokens, patient()));
  const before = watch(session);
  await session.deliver("work for ever");
  await before.until("working");
  connection.cut();
  await worker.line(
    "the database has been away for too long: the runtimes of these sessions were ended until it's back",
  );
  // The agent that was held can't do anything anymore.
  worker.release();
  connection.restore();
  await vi.waitUntil(() => session.lost.aborted, 12_000);
  const again = await vi.waitUntil(
    async () => {
      const attachment = await host.attach(request, TOKENS);
      return attachment.type === "session" ? attachment.session : null;
    },
    { timeout: 20_000, interval: 200 },
  );
  const after = watch(again);
  await after.until("working");
  expect(after.types()).toEqual(["working"]);
  await again.say("go on");
  await after.until("idle");
  expect(world.noted().filter((line) => !line.startsWith("begin"))).toEqual([
    `prompt ${request.sessionId} work for ever`,
    `resume ${request.sessionId}`,
    `say ${request.sessionId} go on`,
  ]);
});
