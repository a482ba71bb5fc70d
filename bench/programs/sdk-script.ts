import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { SessionEvent } from "@github/copilot-sdk";
import { CopilotClient } from "@github/copilot-sdk";
import { z } from "zod";
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

const place = z.object({ owner: z.string(), repo: z.string(), number: z.int() });
type Place = z.infer<typeof place>;
const request = z.object({ places: z.array(place), concurrency: z.int(), prompt: z.string() });

/** Has a session for each place, so many at once; reports how long all took. */
async function work(question: object): Promise<{ readonly ms: number }> {
  const { places, concurrency, prompt } = request.parse(question);
  const left = places[Symbol.iterator]();
  const began = performance.now();
  const worker = async () => {
    for (const each of left) await startSession(each, prompt);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { ms: performance.now() - began };
}

async function startSession({ owner, repo, number }: Place, prompt: string): Promise<void> {
  const waiting = createWaiting();
  const session = await client.createSession({
    cloud: { repository: { owner, name: repo } },
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
  await comment(`${owner}/${repo}/issues/${number}`, `A session has started: ${link}`);
  await session.disconnect();
}

async function comment(path: string, body: string): Promise<void> {
  const response = await fetch(`${GITHUB_API}/repos/${path}/comments`, {
    method: "POST",
    headers: { authorization: `Bearer ${GITHUB_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ body }),
  });
  await response.json();
  if (!response.ok) throw new Error(`the comment was answered with ${response.status}`);
}

/** Events come from the creation on, and some of them only once. */
function createWaiting() {
  const events: SessionEvent[] = [];
  let next = Promise.withResolvers<void>();
  return {
    onEvent(event: SessionEvent) {
      events.push(event);
      next.resolve();
      next = Promise.withResolvers();
    },
    async waitFor(condition: (event: SessionEvent) => boolean): Promise<void> {
      while (!events.some(condition)) await next.promise;
    },
  };
}

converse("", { work }, () => client.stop());
