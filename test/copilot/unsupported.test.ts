import { CopilotClient } from "@github/copilot-sdk";
import { expect, it } from "vitest";
import { createCopilot } from "../../src/copilot/copilot.ts";
import type { RuntimeStatus } from "../../src/copilot/runtime.ts";

const LIMITS = { startMs: 1_000, lateStartMs: 1_000, deliveryMs: 1_000 };
const REQUEST = { owner: "octo-org", repository: "hello", branch: "main", token: "gho_x" };

/** A runtime in this state, or one that does not start; its client is never used. */
function runtimeThat(status: Partial<RuntimeStatus>, trouble?: Error) {
  const client = new CopilotClient({ mode: "empty", baseDirectory: "/nowhere" });
  const running = { client, gone: new AbortController().signal };
  return {
    running: () => (trouble === undefined ? Promise.resolve(running) : Promise.reject(trouble)),
    status: () => ({ state: "ready", version: "1.0.81", cloudSessions: null, ...status }) as const,
    retire: () => {},
    stop: () => Promise.resolve(),
  };
}

it("a runtime that was found unable at its start is asked for nothing", async () => {
  const copilot = createCopilot(runtimeThat({ cloudSessions: false }), LIMITS, { warn() {} });
  expect(await copilot.open(REQUEST)).toMatchObject({
    type: "failed",
    failure: { code: "runtime_unsupported", nothingCreated: true },
  });
});

it("a runtime that does not start has certainly created nothing", async () => {
  const copilot = createCopilot(runtimeThat({}, new Error("spawn ENOENT")), LIMITS, { warn() {} });
  expect(await copilot.open(REQUEST)).toEqual({
    type: "failed",
    failure: {
      code: "runtime_crashed",
      message: "the runtime does not start: spawn ENOENT",
      nothingCreated: true,
    },
  });
  expect(await copilot.attach("4c1f7bb2-7d2c-4f1d-9d0c-3f8a4f6f2a01", REQUEST)).toBeNull();
});
