import type { LoopbackGitHub } from "../github/loopback.ts";
import { blocked, hello } from "../github/seed.ts";
import type { Thread } from "../github/thread.ts";
import type { MissionControl } from "../mission-control/server.ts";

/** The world of a story. */
export interface World {
  readonly github: LoopbackGitHub;
  readonly missionControl: MissionControl;
}

/** What came of a story. */
export interface Story {
  readonly title: string;
  readonly thread: Thread;
  /** From what the person did to the bot's comment. */
  readonly milliseconds: number;
  /** What is not as it should be; empty when all is right. */
  readonly problems: readonly string[];
}

interface Place {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
}

/** An issue is labeled: a session on the default branch, the prompt, the link. */
export async function labelOnIssue(world: World): Promise<Story> {
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, {
    title: "The greeting is wrong after midnight",
    body: "At 00:30 it says *Good evening*. I expected *Good morning*.",
  });
  const before = performance.now();
  await octocat.label(issue, "copilot:triage");
  const { thread, milliseconds } = await answered(world, issue, before);
  const problems = startedProblems(world, thread, [`issue #${issue.number}`, 'Branch: "main"']);
  return { title: name("Issue", issue), thread, milliseconds, problems };
}

/** A command on a pull request: a session on its head branch, with the requester's instructions. */
export async function commandOnPullRequest(world: World): Promise<Story> {
  const writer = world.github.as("writer");
  const pull = await world.github.as("octocat").openPullRequest(hello, {
    title: "Greet by the hour",
    body: "Fixes the greeting.",
    head: "feature",
  });
  const before = performance.now();
  await writer.comment(pull, "Looks good, one worry:\n\n/copilot triage Is noon handled?");
  const { thread, milliseconds } = await answered(world, pull, before);
  const wanted = [`pull request #${pull.number}`, 'Branch: "feature"', "Is noon handled?"];
  const problems = startedProblems(world, thread, wanted);
  return { title: name("Pull request", pull), thread, milliseconds, problems };
}

/** A policy forbids the session: said by its name, and not tried again. */
export async function policyBlocks(world: World): Promise<Story> {
  const { github, missionControl } = world;
  const message = "Cloud sessions are blocked by organization policy";
  const body = { message, reason: "policy_blocked" };
  missionControl.behaveFor(`${blocked.owner}/${blocked.repo}`, { create: { status: 403, body } });
  const octocat = github.as("octocat");
  const issue = await octocat.openIssue(blocked, { title: "Tidy up the build", body: "Please." });
  const tried = creations(missionControl);
  const before = performance.now();
  await octocat.label(issue, "copilot:triage");
  const { thread, milliseconds } = await answered(world, issue, before);
  const problems = thread.comments[0]?.body.includes("`policy_blocked`")
    ? []
    : ["the comment does not say policy_blocked"];
  if (creations(missionControl) !== tried + 1) problems.push("it was not tried exactly once");
  return { title: name("Issue", issue), thread, milliseconds, problems };
}

const TIME_LIMIT_MS = 30_000;

async function answered({ github }: World, { owner, repo, number }: Place, before: number) {
  const hasAnswer = (thread: Thread) =>
    thread.comments.some(({ author }) => author === github.botLogin);
  await github.until(
    async () => hasAnswer(await github.thread(owner, repo, number)),
    TIME_LIMIT_MS,
  );
  const milliseconds = performance.now() - before;
  return { thread: await github.thread(owner, repo, number), milliseconds };
}

function startedProblems(world: World, thread: Thread, wanted: readonly string[]): string[] {
  const { github, missionControl } = world;
  const task = missionControl.tasks.at(-1);
  const own = thread.comments.filter(({ author }) => author === github.botLogin);
  const problems = [];
  if (own.length !== 1) problems.push(`${own.length} comments of the bot instead of one`);
  if (task?.prompts.length !== 1) problems.push("the agent did not get exactly one prompt");
  if (!own[0]?.body.includes(`https://github.com/copilot/tasks/${task?.id}`)) {
    problems.push("the comment does not link the session");
  }
  for (const words of wanted) {
    if (!task?.prompts[0]?.includes(words)) problems.push(`the prompt does not say: ${words}`);
  }
  return problems;
}

function creations({ requests }: MissionControl): number {
  return requests.filter(({ method, path }) => method === "POST" && path === "/agents/tasks")
    .length;
}

function name(what: string, { owner, repo, number }: Place): string {
  return `${what} ${owner}/${repo}#${number}`;
}
