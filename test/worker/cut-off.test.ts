import { sql } from "kysely";
import { expect, test } from "vitest";
import { openWorld, patient, requested, started, tokens, watch } from "./world.ts";

test("when all connections to the database break, nothing is lost, and no session ends", async () => {
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
});
