import { expect, it } from "vitest";
import { NEWEST } from "../../../sandbox/newest-runtime.ts";
import { killRuntime } from "../../kill-runtime.ts";
import { useWorld } from "../world.ts";
import { FOLLOWING, startStory } from "./followed.ts";

// What a session on a runtime of the newer family can't do, where it matters.
const variables = { ...FOLLOWING.variables, COPILOT_RUNTIME: NEWEST };
const world = useWorld({ ...FOLLOWING, variables });

const ELSEWHERE = "To continue, open the session: commands here don't reach it anymore.";

it("a session that is over is continued in Mission Control", async () => {
  const { emit, comment } = await startStory(world);
  emit("session.task_complete", { summary: "Done.", success: true });
  const text = await comment("Copilot finished");
  expect(text).toContain(ELSEWHERE);
  expect(text).not.toContain("/copilot send");
});

it("a session is lost with its runtime, and the comment says where it continues", async () => {
  const { comment } = await startStory(world);
  killRuntime();
  const text = await comment("lost contact");
  expect(text).toContain(ELSEWHERE);
  expect(text).not.toContain("/copilot resume");
});
