import { CopilotClient } from "@github/copilot-sdk";
import { expect, it } from "vitest";
import { TIMEOUTS } from "../timeouts.ts";
import { createCopilot } from "../../src/copilot/copilot.ts";
import { hold, leaseOf } from "../../src/copilot/lease.ts";

const REQUEST = { owner: "octo-org", repository: "hello", branch: "main", token: "gho_x" };

/** Runtimes whose only process can't create cloud sessions, or doesn't start; its client is never used. */
function runtimesThat(trouble?: Error) {
  const client = new CopilotClient({ mode: "empty", baseDirectory: "/nowhere" });
  const running = { client, family: null, gone: new AbortController().signal };
  const released: string[] = [];
  const held = hold(new Set(), () => released.push("released"));
  return {
    released,
    hasRoom: () => Promise.resolve(true),
    endUnused: () => Promise.resolve(),
    running: () => (trouble === undefined ? Promise.resolve(null) : Promise.reject(trouble)),
    lease: () =>
      trouble === undefined ? Promise.resolve(leaseOf(held, running)) : Promise.reject(trouble),
  };
}

it("a runtime that was found unsupported at its start gets no request", async () => {
  const runtimes = runtimesThat();
  const copilot = createCopilot(runtimes, TIMEOUTS, { warn() {} });
  expect(await copilot.open(REQUEST)).toMatchObject({
    type: "failed",
    failure: { code: "runtime_unsupported", nothingCreated: true },
  });
  expect(runtimes.released).toHaveLength(1);
});

it("a runtime that does not start has certainly created nothing", async () => {
  const copilot = createCopilot(runtimesThat(new Error("spawn ENOENT")), TIMEOUTS, {
    warn() {},
  });
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
