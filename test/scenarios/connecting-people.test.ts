import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { z } from "zod";
import { connect, linkToConnect } from "../../sandbox/connecting.ts";
import { hello, organization } from "../../sandbox/github/seed.ts";
import { newIssue, withPolicy } from "./governance/story.ts";
import { asked, botComments, canAttach, useWorld } from "./world.ts";

/** On a newer runtime, each has a process of 240 MB. */
const NAMES = ["ada", "bob", "cleo", "dan", "eve", "fay", "gil", "hal"].slice(0, canAttach ? 8 : 3);

const world = useWorld({
  connecting: true,
  repositories: ["shared-steering", "wants-bot"].map((name) => ({ name })),
  people: Object.fromEntries(NAMES.map((name) => [name, "write"] as const)),
  variables: { MAX_CONCURRENT_STARTS_PER_REPOSITORY: "8", MAX_CONCURRENT_STARTS: "8" },
  timeouts: { followMs: 120_000, editEveryMs: 300, sessionCommandsEveryMs: 200 },
});

const whoever = z.object({ login: z.string() });
const entry = z.object({
  step: z.string(),
  requester: z.string(),
  command: z.string().nullable(),
  sessionId: z.string().nullable(),
  identity: z.string().nullable(),
});

/** What `script/audit` prints of a repository while the bot is at work. */
async function auditOf(repo: string) {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["script/audit.ts", "--format", "jsonl", "--repository", `${organization}/${repo}`],
    { env: { ...process.env, DATA_DIR: world.directory, DATABASE_URL: "" } },
  );
  const lines = stdout.split("\n").filter((line) => line !== "");
  return lines.map((line) => entry.parse(JSON.parse(line)));
}

const isStarted = (body: string) => body.includes("[Open session]");

it("each person's sessions are their own, and so are the links", async () => {
  const issues = await Promise.all(
    NAMES.map(async (name) => {
      const person = world.github.as(name);
      const issue = await person.openIssue(hello, { title: `For ${name}`, body: "" });
      await person.label(issue, "copilot:triage");
      return { name, issue };
    }),
  );
  const logins = new Map<string, string>();
  await Promise.all(
    issues.map(async ({ name, issue }) => {
      const [waiting = ""] = await botComments(world, issue);
      await connect(name, linkToConnect(waiting));
      const [comment = ""] = await botComments(world, issue, isStarted);
      expect(comment).toContain(`Copilot of [${name}]`);
      const id = /\/tasks\/(?<id>[0-9a-f-]{36})\)/u.exec(comment)?.groups?.["id"] ?? "";
      logins.set(id, name);
    }),
  );
  const { tasks } = world.missionControl;
  const owners = tasks.map(({ id, authorization }) => {
    const token = authorization?.replace(/^Bearer /u, "");
    const { body } = world.github.oauth.lookUpCopilot(token, "https://api.example.com");
    return [logins.get(id), whoever.parse(body).login];
  });
  expect(owners.map(([name, login]) => `${name} ${login}`).toSorted()).toEqual(
    NAMES.map((name) => `${name} ${name}`),
  );
});

it("a session goes on when its owner's token ends, with a new one", async () => {
  const [name = ""] = NAMES;
  const { oauth } = world.github;
  const person = world.github.as(name);
  // A token is replaced ten minutes before it ends: this one soon after the session has started.
  oauth.lifetimes.tokenLifetimeSeconds = 600 + 12;
  await connect(name, `${world.app.url}/connect`);
  oauth.lifetimes.tokenLifetimeSeconds = 28_800;
  const issue = await person.openIssue(hello, { title: "Long work", body: "" });
  const refreshes = oauth.refreshes.length;
  await person.label(issue, "copilot:triage");
  await botComments(world, issue, isStarted);
  const before = world.missionControl.tasks.at(-1)?.authorization;
  if (canAttach) {
    await world.github.until(() => Promise.resolve(oauth.refreshes.length > refreshes), 30_000);
    await person.comment(issue, "/copilot send Look at the cache.");
    await botComments(world, issue, (body) =>
      body.includes("sent a message, and Copilot received it"),
    );
    const last = world.missionControl.requests.findLast(({ path }) => path.endsWith("/steer"));
    expect(last?.authorization).not.toBe(before);
  } else {
    await botComments(world, issue, (body) =>
      body.includes("because the requester's token isn't valid anymore"),
    );
  }
});

it("where the policy lets writers steer, the comment says who did", async () => {
  const [owner = "", other = ""] = NAMES;
  await withPolicy(world, "shared-steering", "steering: writers");
  await connect(owner, `${world.app.url}/connect`);
  const issue = await newIssue(world, "shared-steering");
  await world.github.as(owner).label(issue, "copilot:triage");
  await botComments(world, issue, isStarted);
  await world.github.as(other).comment(issue, "/copilot send Look at the cache.");
  const [comment = ""] = await botComments(world, issue, (body) => body.includes("sent a message"));
  expect(comment).toContain(`\`${other}\` sent a message, and Copilot received it.`);
  expect(comment).toContain(`Copilot of [${owner}]`);
  const entries = await auditOf("shared-steering");
  const started = entries.find(({ step }) => step === "session_started");
  const steered = entries.find(({ step }) => step === "passed_on");
  expect(started).toMatchObject({ requester: owner, identity: "requester" });
  expect(steered).toMatchObject({ requester: other, command: "send" });
  expect(steered?.sessionId).toBe(comment.match(/(?<=\/tasks\/)[0-9a-f-]{36}/u)?.[0]);
});

it("nobody's own Copilot is used where the policy wants the bot's", async () => {
  const [name = ""] = NAMES;
  await withPolicy(world, "wants-bot", "identity: bot");
  const issue = await newIssue(world, "wants-bot");
  await world.github.as(name).label(issue, "copilot:triage");
  const [comment = ""] = await botComments(world, issue);
  expect(comment).toContain(
    "The policy wants sessions to use the bot's Copilot, but this bot has no account of its own.",
  );
  expect(asked(world)).toEqual([]);
});
