import { expect, it } from "vitest";
import { runChaos } from "../../sandbox/chaos/run.ts";
import { RUNTIME } from "./world.ts";

it("loses nothing and starts nothing twice, however often it is killed", async () => {
  const verdict = await runChaos({ rounds: 4, seed: 20_261_121, settings: RUNTIME, say: () => {} });
  expect(verdict.problems).toEqual([]);
  expect(verdict.started + verdict.interrupted).toBe(verdict.tasks);
}, 120_000);
