import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { NEWEST } from "../../sandbox/newest-runtime.ts";
import { COMPILED } from "../compiled.ts";

const SCRIPT = fileURLToPath(new URL("../../script/check-runtime.ts", import.meta.url));

async function check(...argv: readonly string[]) {
  const { PATH, HOME } = process.env;
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", SCRIPT, ...argv],
    { env: { ...COMPILED, PATH, HOME }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const ended = once(child, "exit");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  return { status: child.exitCode, stdout, stderr };
}

describe.concurrent("script/check-runtime", () => {
  it("says what the bundled runtime can't do", async () => {
    expect(await check()).toEqual({
      status: 0,
      stdout: `Copilot runtime 1.0.80 with SDK 1.0.11: cloud sessions work (older family)
- One process serves all users.
- After a restart, questions and plans from before it can only be answered in Mission Control.
`,
      stderr: "",
    });
  });

  it("says what an installed one of the newer family can't do", async () => {
    expect(await check(NEWEST)).toEqual({
      status: 0,
      stdout: `Copilot runtime 1.0.102 with SDK 1.0.11: cloud sessions work (newer family)
- Each user has a process of their own, with about 250 MB.
- After a restart, or once the bot has disconnected from a session, it can't reach the session again.
`,
      stderr: "",
    });
  });

  it("names a program that is no runtime in one line", async () => {
    const { status, stdout, stderr } = await check("/bin/false");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^\/bin\/false isn't a Copilot runtime that works here: [^\n]+\n$/u);
  });
});
