import { chmod } from "node:fs/promises";
import { join } from "node:path";
import type { IsolationTrouble } from "../../src/core/isolation/unavailable.ts";
import { IsolationUnavailable } from "../../src/core/isolation/unavailable.ts";
import { openIsolation } from "../../src/isolation/open.ts";
import type { LoopbackGitHub } from "../github/loopback.ts";
import type { SeededRepository } from "../github/seed.ts";
import { organization } from "../github/seed.ts";
import type { Expected, Story, World } from "./scene.ts";
import { creatorProblems, name, ownComments, scene, taskIdIn } from "./scene.ts";

/** The repository whose sessions run on this machine. */
const onsite = { owner: organization, repo: "onsite" } as const;
const FILE = "greeting.txt";

/** The organization's, for a demo that has the story. */
export const WITH_ONSITE: readonly SeededRepository[] = [{ name: onsite.repo, private: true }];

/** Root needs another user for sandboxes: one that nothing else has. */
const USER = process.getuid?.() === 0 ? { uid: 61_180, gid: 61_180 } : null;

/** The bot's settings with which sessions run on this machine. */
export const ONSITE_SETTINGS: Readonly<Record<string, string>> = {
  SELF_HOSTED: "on",
  SELF_HOSTED_REPOSITORIES: `${onsite.owner}/${onsite.repo}`,
  SELF_HOSTED_DISK_MB: "512",
  SELF_HOSTED_FREE_DISK_MB: "256",
  ...(USER === null ? {} : { SANDBOX_USER: `${USER.uid}:${USER.gid}` }),
};

/**
 * Starts a sandbox to see whether sessions can be isolated here.
 *
 * @param directory the demo's own; sandboxes can get through it afterwards, but can't list it
 * @returns what keeps them from it; null for nothing
 */
export async function whyNotIsolated(directory: string): Promise<IsolationTrouble | null> {
  if (USER !== null) await chmod(directory, 0o711);
  const sandboxUser = USER === null ? null : ({ type: "ids", ...USER } as const);
  const wanted = { isolation: "bubblewrap", sandboxUser, sessions: 1 } as const;
  const isolation = await openIsolation(wanted, join(directory, "isolation"));
  const state = await isolation.check();
  if (!state.available) return state;
  try {
    await isolation.makeDirectory(directory, join(directory, "trial"), "bot");
    return null;
  } catch (error) {
    if (error instanceof IsolationUnavailable) return error.trouble;
    throw error;
  }
}

/** What the App needs for it, and what's in the repository. */
export async function prepareOnsite(github: LoopbackGitHub): Promise<void> {
  for (const { permissions } of [github.app, github.installation])
    permissions["contents"] = "write";
  await github.git.commit(onsite, {
    files: {
      [FILE]: "Helo, world!\n",
      "check.sh": `grep -q Hello ${FILE}\n`,
      ".github/copilot-tasks.yml": POLICY,
    },
    message: "Greet the world",
  });
}

/** What the agent reads and writes in its own clone needs nobody's approval; programs of the repository do. */
const POLICY = `
runs_on: self-hosted
permissions_policy: deny-writes-to-default-branch
`;

const TITLE = "The greeting has a typo";
const INSIDE = `/workspace/${FILE}`;
const CHECK_AND_COMMIT = "sh check.sh && git commit -qam 'Fix the typo'";
const ANSWER = "I fixed the typo in `greeting.txt` and committed it.";

/** An issue whose session runs here: it reads, asks in the thread, commits, and the bot opens a draft pull request. */
export async function sessionOnThisMachine(world: World): Promise<Story> {
  const { github, missionControl } = world;
  missionControl.play({
    prompt: TITLE,
    turns: [
      { calls: [{ tool: "view", arguments: { path: INSIDE } }] },
      { calls: [{ tool: "edit", arguments: { path: INSIDE, old_str: "Helo", new_str: "Hello" } }] },
      {
        calls: [
          {
            tool: "bash",
            arguments: { command: CHECK_AND_COMMIT, description: "Check, and commit" },
          },
        ],
      },
      { says: ANSWER },
    ],
  });
  const octocat = github.as("octocat");
  const issue = await octocat.openIssue(onsite, { title: TITLE, body: "It says *Helo*." });
  const label = () => octocat.label(issue, "copilot:fix");
  const asked = await scene(world, issue, null, label, ASKS);
  const [comment] = ownComments(world, asked.thread);
  const [, command = ""] = APPROVE.exec(comment?.body ?? "") ?? [];
  const action = `octocat comments ${command}. The agent runs the check and commits its change. The bot, not the agent, pushes the commit and opens a draft pull request. Its comment links it:`;
  const approve = () => octocat.comment(issue, command);
  const done = await scene(world, issue, action, approve, HAS_PULL);
  const pull = { ...onsite, number: issue.number + 1 };
  const opened = await github.thread(pull.owner, pull.repo, pull.number);
  return {
    title: name("Issue", issue),
    scenes: [asked, { ...done, opened: { ...opened, name: name("Draft pull request", pull) } }],
    problems: problemsOf(world),
    owner: "octocat",
    taskId: taskIdIn(world, done.thread),
  };
}

const APPROVE = /`(?<command>\/copilot approve [0-9a-f]{8} [0-9a-f]{4})/u;
const ASKS: Expected = {
  text: "**`/copilot approve",
  notice: "Copilot needs your approval (",
  shown: "request for approval",
};
const HAS_PULL: Expected = { text: "**Pull request:**", shown: "pull request" };

function problemsOf(world: World): string[] {
  const { github, missionControl } = world;
  const [branch, ...others] = Object.keys(github.git.branches(onsite)).filter(
    (one) => one !== "main",
  );
  const problems = creatorProblems(world, missionControl.sessions[0]?.authorization, "octocat");
  if (others.length > 0) problems.push("more than one branch was pushed");
  if (github.git.files(onsite, branch)[FILE] !== "Hello, world!\n")
    problems.push("the file isn't changed in the branch");
  return problems;
}
