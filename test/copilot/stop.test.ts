import { expect, onTestFinished, test, vi } from "vitest";
import { killRuntime } from "../kill-runtime.ts";
import { useWorld } from "./world.ts";

const world = useWorld();

test("Ctrl-C reaches the runtime too: the bot does not wait for its answer", async () => {
  const { runtime } = world;
  // What waits for an answer does so until a time is over, which never is here.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  killRuntime("SIGINT");
  await runtime.stop();
  expect(runtime.status().state).toBe("stopped");
});
