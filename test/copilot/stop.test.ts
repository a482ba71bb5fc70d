import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { killRuntime } from "../kill-runtime.ts";
import { useWorld } from "./world.ts";

const world = useWorld();

test("Ctrl-C reaches the runtime too: the bot does not wait for its answer", async () => {
  const { runtime } = world;
  killRuntime("SIGINT");
  const stopped = runtime.stop().then(() => "stopped");
  // Where it waits, it does so for ten seconds.
  expect(await Promise.race([stopped, sleep(6_000, "waits")])).toBe("stopped");
  expect(runtime.status().state).toBe("stopped");
});
