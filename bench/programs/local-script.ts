import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { CopilotSession } from "@github/copilot-sdk";
import { CopilotClient } from "@github/copilot-sdk";
import { createWaiting, postLink, workWith } from "../script-parts.ts";
import { converse } from "./conversation.ts";

// The floor of sessions on one's own machine: the least that a script has to do with the SDK to have the runtime work in a
// clone, share the session, and post one comment that links to it. Nothing is isolated, and nothing is limited.
const { DATA_DIR = "", MIRROR = "", COMMIT = "", ...settings } = process.env;
const { GITHUB_API = "", GITHUB_TOKEN = "", ...env } = settings;
mkdirSync(DATA_DIR, { recursive: true });

const opened = new Set<{ client: CopilotClient; session: CopilotSession; directory: string }>();
let last = 0;

const work = workWith(async (place, prompt) => {
  last += 1;
  const directory = join(DATA_DIR, String(last));
  const [workspace, state] = [join(directory, "workspace"), join(directory, "state")];
  await git("clone", "--quiet", "--shared", "--no-checkout", MIRROR, workspace);
  await git("-C", workspace, "checkout", "--quiet", "-b", `task-${last}`, COMMIT);
  const client = new CopilotClient({
    mode: "empty",
    baseDirectory: state,
    workingDirectory: workspace,
    useLoggedInUser: false,
    logLevel: "error",
    env,
  });
  await client.start();
  const waiting = createWaiting();
  const session = await client.createSession({
    gitHubToken: GITHUB_TOKEN,
    workingDirectory: workspace,
    availableTools: ["view", "create", "edit", "bash"],
    onEvent: (event) => waiting.onEvent(event),
    onPermissionRequest: () => ({ kind: "no-result" }),
  });
  opened.add({ client, session, directory });
  const { url } = await session.rpc.remote.enable({ mode: "on" });
  if (url === undefined) throw new Error("the session isn't shared");
  await session.send({ prompt });
  await waiting.waitFor(({ type }) => type === "user.message");
  await postLink({ api: GITHUB_API, token: GITHUB_TOKEN }, place, url);
});

async function git(...args: readonly string[]): Promise<void> {
  await promisify(execFile)("git", args);
}

/** Ends all sessions, and removes what they leave behind. */
async function end(): Promise<object> {
  for (const { client, session, directory } of opened) {
    await session.disconnect();
    await client.stop();
    await rm(directory, { recursive: true });
  }
  opened.clear();
  return {};
}

converse("", { work, end }, end);
