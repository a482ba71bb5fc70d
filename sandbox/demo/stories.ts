import { headingOf } from "../browser.ts";
import { connect, linkToConnect } from "../connecting.ts";
import { blocked, hello } from "../github/seed.ts";
import type { Thread } from "../github/thread.ts";
import type { MissionControl } from "../mission-control/server.ts";
import type { Expected, Story, World } from "./scene.ts";
import { creatorProblems, name, ownComments, scene, taskIdIn } from "./scene.ts";

const CONTINUES = "Your task continues";
const CONNECTED = "Your Copilot is connected";

/** An issue is labeled by somebody who isn't connected: a link to connect, then a session on the default branch. */
export async function labelOnIssue(world: World): Promise<Story> {
  const { missionControl } = world;
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, {
    title: "The greeting is wrong after midnight",
    body: "At 00:30 it says *Good evening*. I expected *Good morning*.",
  });
  const label = () => octocat.label(issue, "copilot:triage");
  const asked = await scene(world, issue, null, label, ASKS_TO_CONNECT);
  const problems = creations(missionControl) === 0 ? [] : ["a session was created too early"];

  const link = linkToConnect(ownComments(world, asked.thread)[0]?.body ?? "");
  const follow = async () => {
    const heading = headingOf(await connect("octocat", link));
    if (heading !== CONTINUES) problems.push(`the page says: ${heading}`);
  };
  const action = `octocat follows the link, signs in to GitHub, and authorizes the App. The page says “${CONTINUES}”. The session is created with octocat's token, and the bot updates its comment:`;
  const started = await scene(world, issue, action, follow, IS_STARTED);
  const wanted = { owner: "octocat", words: [`issue #${issue.number}`, 'Branch: "main"'] };
  problems.push(...startedProblems(world, started.thread, wanted));
  problems.push(...(await qrProblems(world, started.thread)));
  return {
    title: name("Issue", issue),
    scenes: [asked, started],
    problems,
    owner: "octocat",
    taskId: taskIdIn(world, started.thread),
  };
}

/** A command on a pull request, by somebody who is connected: a session of theirs on its head branch, with their instructions. */
export async function commandOnPullRequest(world: World): Promise<Story> {
  const writer = world.github.as("writer");
  const heading = headingOf(await connect("writer", world.connectPage));
  const problems = heading === CONNECTED ? [] : [`the page says: ${heading}`];
  const pull = await world.github.as("octocat").openPullRequest(hello, {
    title: "Greet by the hour",
    body: "Fixes the greeting.",
    head: "feature",
  });
  const write = () =>
    writer.comment(pull, "Looks good, one worry:\n\n/copilot triage Is noon handled?");
  const started = await scene(world, pull, null, write, IS_STARTED);
  const words = [`pull request #${pull.number}`, 'Branch: "feature"', "Is noon handled?"];
  problems.push(...startedProblems(world, started.thread, { owner: "writer", words }));
  return {
    title: name("Pull request", pull),
    scenes: [started],
    problems,
    owner: "writer",
    taskId: taskIdIn(world, started.thread),
  };
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
  const label = () => octocat.label(issue, "copilot:triage");
  const refused = await scene(world, issue, null, label, IS_BLOCKED);
  const problems = creations(missionControl) === tried + 1 ? [] : ["it was not tried exactly once"];
  return {
    title: name("Issue", issue),
    scenes: [refused],
    problems,
    owner: null,
    taskId: taskIdIn(world, refused.thread),
  };
}

const ANSWER =
  "Noon is handled: from 12:00 on, `greeting()` says *Good afternoon*. A test at 12:00 is missing.";

/** The session of the pull request comes to its end, and the comment on it shows what Copilot has found. */
export async function sessionFinishes(world: World): Promise<Story> {
  const { missionControl } = world;
  const session = missionControl.tasks[1];
  const finish = async () => {
    if (session === undefined) return;
    missionControl.emit(session.id, "session.task_complete", { summary: ANSWER, success: true });
  };
  const action =
    "Copilot has answered. The bot has followed the session, and updates its comment on the pull request:";
  const pull = { ...hello, number: 2 };
  const finished = await scene(world, pull, action, finish, HAS_FINISHED);
  const comments = ownComments(world, finished.thread);
  const problems = comments.length === 1 ? [] : [`${comments.length} comments of the bot`];
  if (!comments[0]?.body.includes("A test at 12:00 is missing")) problems.push("no answer");
  return {
    title: name("Pull request", pull),
    scenes: [finished],
    problems,
    owner: null,
    taskId: taskIdIn(world, finished.thread),
  };
}

const ASKS_TO_CONNECT: Expected = { text: "[connect your Copilot]", shown: "link to connect" };
const IS_STARTED: Expected = { text: "Copilot is working", shown: "link to the session" };
const HAS_FINISHED: Expected = { text: "Copilot finished", shown: "answer" };
const IS_BLOCKED: Expected = { text: "`policy_blocked`", shown: "reason" };

interface Wanted {
  /** Whose session it is. */
  readonly owner: string;
  /** In its prompt. */
  readonly words: readonly string[];
}

function startedProblems(world: World, thread: Thread, { owner, words }: Wanted): string[] {
  const task = world.missionControl.tasks.at(-1);
  const own = ownComments(world, thread);
  const problems: string[] = [];
  if (own.length !== 1) problems.push(`${own.length} comments of the bot instead of one`);
  if (task?.prompts.length !== 1) problems.push("the agent did not get exactly one prompt");
  if (!own[0]?.body.includes(`https://github.com/copilot/tasks/${task?.id}`)) {
    problems.push("the comment does not link the session");
  }
  problems.push(...creatorProblems(world, task?.authorization, owner));
  for (const text of words) {
    if (!task?.prompts[0]?.includes(text)) problems.push(`the prompt does not say: ${text}`);
  }
  return problems;
}

/** GitHub's proxy gets the image of the QR code in the same way. */
async function qrProblems(world: World, thread: Thread): Promise<string[]> {
  const [comment] = ownComments(world, thread);
  const image = /\((?<url>http[^)]*\/qr\/[^)]*\.png)\)/u.exec(comment?.body ?? "")?.groups?.["url"];
  if (image === undefined) return ["the comment has no QR code"];
  const { headers } = await fetch(image);
  return headers.get("content-type") === "image/png" ? [] : ["the QR code isn't there"];
}

function creations({ requests }: MissionControl): number {
  return requests.filter(({ method, path }) => method === "POST" && path === "/agents/tasks")
    .length;
}
