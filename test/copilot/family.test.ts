import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import { createClient } from "../../src/copilot/client.ts";
import { familyOf, probeFamily } from "../../src/copilot/family.ts";
import { chosenProgram } from "../../src/copilot/program.ts";
import { NEWEST } from "../../sandbox/newest-runtime.ts";
import { temporaryDirectory } from "../store/opened.ts";

// What it writes fails late, while the tests below run.
it("a program that ends at once is no runtime, and ends nothing else", async () => {
  const directory = temporaryDirectory();
  const client = createClient({ directory, variables: process.env, program: "/bin/false" });
  await expect(client.start()).rejects.toThrow();
  await client.forceStop();
});

describe("a runtime's family", () => {
  it.each([
    ["older", { withoutHandlers: "needs token", withHandlers: "needs token" }],
    ["newer", { withoutHandlers: "needs token", withHandlers: "no method" }],
    [null, { withoutHandlers: "no method", withHandlers: "no method" }],
    [null, { withoutHandlers: "other", withHandlers: "needs token" }],
    [null, { withoutHandlers: "needs token", withHandlers: "other" }],
  ] as const)("is %s by its answers", (family, answers) => {
    expect(familyOf(answers)).toBe(family);
  });
});

describe.concurrent("the probe", () => {
  let missionControl: MissionControl;
  let directory: string;
  beforeAll(async () => {
    missionControl = await startMissionControl();
    directory = await mkdtemp(join(tmpdir(), "copilot-test-"));
  });
  afterAll(async () => {
    await missionControl.close();
    await rm(directory, { recursive: true, force: true });
  });

  it.each([
    ["older", "the pinned runtime", chosenProgram("bundled")],
    ["older", "the SDK's own", chosenProgram("sdk")],
    ["newer", "the newest", NEWEST],
  ])("returns %s for %s, and makes no request", async (family, _which, program) => {
    const variables = { ...process.env, ...missionControl.environment };
    const client = createClient({ directory, variables, program });
    await client.start();
    expect(await probeFamily(client)).toBe(family);
    await client.stop();
    expect(missionControl.requests).toEqual([]);
  });
});
