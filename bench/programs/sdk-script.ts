import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CopilotClient } from "@github/copilot-sdk";
import { createWaiting, postLink, workWith } from "../script-parts.ts";
import { converse } from "./conversation.ts";

// The floor of the sessions: the least that a script has to do with the SDK to have a session with a
// prompt, and one comment that links to it. No rows, no gate, no reading of the issue.
const { DATA_DIR = "", GITHUB_API = "", GITHUB_TOKEN = "", ...env } = process.env;
const directory = join(DATA_DIR, "copilot");
mkdirSync(directory, { recursive: true });
const client = new CopilotClient({
  mode: "empty",
  baseDirectory: directory,
  workingDirectory: directory,
  useLoggedInUser: false,
  logLevel: "error",
  env,
});
await client.start();

const work = workWith(async (place, prompt) => {
  const waiting = createWaiting();
  const session = await client.createSession({
    cloud: { repository: { owner: place.owner, name: place.repo } },
    gitHubToken: GITHUB_TOKEN,
    availableTools: [],
    onEvent: (event) => waiting.onEvent(event),
    onPermissionRequest: () => ({ kind: "no-result" }),
  });
  await waiting.waitFor(
    ({ type, data }) =>
      type === "session.start" && "producer" in data && data.producer === "copilot-agent",
  );
  await session.send({ prompt });
  await waiting.waitFor(({ type }) => type === "user.message");
  const link = `https://github.com/copilot/tasks/${session.sessionId}`;
  await postLink({ api: GITHUB_API, token: GITHUB_TOKEN }, place, link);
  await session.disconnect();
});

converse("", { work }, () => client.stop());
