import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { COPILOT_ACCOUNT, useWorld } from "../world.ts";
import { answerTo, ask, holdPlace, newIssue, promptsIn } from "./story.ts";
import { settled, silentAnswerTo, waitingTask, withPolicy } from "./story.ts";

const names = ["stories", "slow", "removed"];
const world = useWorld({
  repositories: [{ name: ".github" }, ...names.map((name) => ({ name }))],
  variables: { MAX_CONCURRENT_STARTS: "1" },
});

const entrySchema = z.looseObject({
  id: z.int(),
  at: z.iso.datetime(),
  taskId: z.string(),
  step: z.string(),
  reason: z.string().nullable(),
  requester: z.string(),
  requesterRole: z.string().nullable(),
  owner: z.string(),
  repository: z.string(),
  subjectNumber: z.int(),
  triggerLabel: z.string().nullable(),
  command: z.string().nullable(),
  kind: z.string().nullable(),
  promptDigest: z.string().nullable(),
  policyCommit: z.string().nullable(),
  defaultsCommit: z.string().nullable(),
  sessionId: z.string().nullable(),
  identity: z.string().nullable(),
});

/** What `script/audit` prints while the bot is at work. */
async function audit(...options: readonly string[]) {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "script/audit.ts", "--format", "jsonl", ...options],
    { env: { ...process.env, DATA_DIR: world.directory, DATABASE_URL: "" } },
  );
  const lines = stdout.split("\n").filter((line) => line !== "");
  return { stdout, entries: lines.map((line) => entrySchema.parse(JSON.parse(line))) };
}

/** The steps of a task, as `step` or `step: reason`. */
async function stepsOf(comment: string) {
  const id = /copilot-task:(?<id>[0-9a-f-]{36})/u.exec(comment)?.groups?.["id"] ?? "";
  const { entries } = await audit("--task", id);
  const steps = entries.map(({ step, reason }) => (reason === null ? step : `${step}: ${reason}`));
  return { steps, last: entries.at(-1), entries };
}

const SECRET_WORDS = "Words that nobody but GitHub keeps";

function discussed() {
  return newIssue(world, "stories", SECRET_WORDS);
}

/** The newest commit of a repository's default branch. */
async function headOf(repo: string): Promise<string> {
  const url = `http://${world.github.host}/api/v3/repos/octo-org/${repo}/branches/main`;
  const headers = { authorization: `Bearer ${world.github.as("octocat").token}` };
  const answer = z.object({ commit: z.object({ sha: z.string() }) });
  return answer.parse(await (await fetch(url, { headers })).json()).commit.sha;
}

describe("the audit", () => {
  it("shows which policy allowed a task, and its prompt", async () => {
    await withPolicy(world, ".github", "context: all\n");
    await withPolicy(world, "stories", "permissions: { fix: { least: admin } }\n");
    const comment = await answerTo(
      world,
      "writer",
      await discussed(),
      `/copilot triage ${SECRET_WORDS}`,
    );
    await settled(world, comment);
    const { steps, last, entries } = await stepsOf(comment);
    expect(steps).toEqual([
      "asked",
      "allowed",
      "session_asked_for",
      "session_started",
      "prompt_delivered",
    ]);
    const [prompt = ""] = promptsIn(world, "stories");
    expect(prompt).toContain(SECRET_WORDS);
    expect(last).toMatchObject({
      requester: "writer",
      requesterRole: "write",
      owner: "octo-org",
      repository: "stories",
      subjectNumber: 1,
      triggerLabel: null,
      command: "triage",
      kind: "triage",
      promptDigest: createHash("sha256").update(prompt).digest("hex"),
      policyCommit: await headOf("stories"),
      defaultsCommit: await headOf(".github"),
      sessionId: world.missionControl.tasks[0]?.id,
      identity: "bot",
    });
    const ids = entries.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted((one, other) => one - other));
    const times = entries.map(({ at }) => at);
    expect(times).toEqual(times.toSorted());
  });

  it("shows what was denied and by which policy, with and without a comment", async () => {
    const issue = await discussed();
    const comment = await answerTo(world, "writer", issue, "copilot:fix");
    await settled(world, comment);
    const { steps, last } = await stepsOf(comment);
    expect(steps).toEqual(["asked", "denied: no_permission"]);
    const policyCommit = await headOf("stories");
    const nothing = { promptDigest: null, sessionId: null };
    expect(last).toMatchObject({ triggerLabel: "copilot:fix", policyCommit, ...nothing });

    await silentAnswerTo(world, "stranger", issue, `/copilot triage ${SECRET_WORDS}`);
    const { entries } = await audit("--requester", "stranger");
    expect(entries.map(({ step }) => step)).toEqual(["asked", "denied"]);
  });

  it("shows failures, replies, and retries", async () => {
    const limited = { create: { status: 429, body: { message: "rate limited" } } };
    const refused = { create: { status: 403, body: { message: "blocked by org policy" } } };
    world.missionControl.behaveOnce(limited);
    world.missionControl.behaveOnce(refused);
    const issue = await discussed();
    const failed = await answerTo(world, "writer", issue, "copilot:triage");
    const help = await answerTo(world, "writer", issue, "/copilot help");
    await Promise.all([settled(world, failed), settled(world, help)]);
    expect((await stepsOf(failed)).steps).toEqual([
      "asked",
      "allowed",
      "session_asked_for",
      "tried_again",
      "session_asked_for",
      "failed: policy_blocked",
    ]);
    expect((await stepsOf(help)).steps).toEqual(["asked", "answered: help"]);
    const { entries } = await audit("--reason", "policy_blocked");
    expect(entries.map(({ subjectNumber }) => subjectNumber)).toEqual([issue.number]);
  });

  it("shows what was canceled, by the bot or by an event on GitHub", async () => {
    await ask(world, "octocat", await discussed(), "copilot:nothing");
    const letGo = await holdPlace(world, "slow");
    await waitingTask(world, "writer", "removed");
    await world.github.installation.removeRepository("removed");
    letGo();
    const { entries } = await audit("--step", "canceled");
    expect(entries.map(({ repository, reason }) => [repository, reason])).toEqual([
      ["stories", "label_without_meaning"],
      ["removed", "repository_removed"],
    ]);
    const removed = await audit("--repository", "octo-org/removed");
    expect(removed.entries.map(({ step }) => step)).toEqual(["asked", "allowed", "canceled"]);
  });

  it("holds nothing that people wrote, and no token", async () => {
    const { stdout, entries } = await audit("--limit", "1000");
    expect(entries.length).toBeGreaterThan(15);
    const { token } = world.github.as(COPILOT_ACCOUNT);
    for (const words of [SECRET_WORDS, "Look at this", token, "ghs_", "gho_", "PRIVATE KEY"]) {
      expect(stdout).not.toContain(words);
    }
  });
});
