import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCopilot } from "../../src/copilot/copilot.ts";
import { TIMEOUTS } from "../timeouts.ts";
import type { Runtimes } from "../../src/copilot/runtimes.ts";
import { createRuntimes } from "../../src/copilot/runtimes.ts";
import { copilotHostOf, hostsOf } from "../../src/core/github/hosts.ts";

const SILENT = { info() {}, warn() {} };
const RESIDENT = { GHE_HOST: "octocorp.ghe.com", GHE_PROTOCOL: "https" } as const;

/** Hosts that the runtime tried to reach, through a proxy that refuses every connection. */
const wanted = new Set<string>();
const proxy = createServer().on("connect", ({ url = "" }, socket) => {
  wanted.add(url);
  socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
});
let directory = "";
let runtime: Runtimes | undefined;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "copilot-test-"));
  await new Promise<void>((resolve) => void proxy.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  await runtime?.stop();
  proxy.close();
  await rm(directory, { recursive: true, force: true });
});

// A token of GHE.com that goes to github.com leaves the enterprise's region, and is refused there.
test("with data residency the token of a session goes to the enterprise's own host alone", async () => {
  const address = proxy.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const variables = {
    PATH: process.env["PATH"],
    HOME: directory,
    HTTPS_PROXY: `http://127.0.0.1:${port}`,
    COPILOT_GH_HOST: copilotHostOf(RESIDENT),
  };
  runtime = createRuntimes({ directory, variables, log: SILENT });
  const timeouts = { ...TIMEOUTS, startMs: 20_000, lateStartMs: 20_000, deliveryMs: 1_000 };
  const copilot = createCopilot(runtime, timeouts, SILENT, hostsOf(RESIDENT));

  const request = { owner: "octo-org", repository: "hello", branch: "main", token: "gho_x" };
  const opening = await copilot.open(request);

  expect([...wanted]).toEqual(["api.octocorp.ghe.com:443"]);
  expect(opening).toMatchObject({
    failure: { code: "mission_control_unreachable", nothingCreated: true },
  });
});
