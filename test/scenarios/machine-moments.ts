import { vi } from "vitest";
import type { FaultAnswer } from "../../sandbox/github/faults.ts";
import { copilotAccount, organization } from "../../sandbox/github/seed.ts";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import type { Play } from "../../sandbox/mission-control/model.ts";
import { processesWith } from "../isolation/outside.ts";
import { LIMIT_MS } from "./cut-off-bot.ts";
import type { Stage } from "./machine-remains.ts";
import { commentsIn, promptIn, repoOf, timesPrompted } from "./machine-remains.ts";
import { APPROVE, bash, idsOf } from "./own-machines.ts";

/** Where a task is that's about to be asked for. */
interface Scene extends Stage {
  /** The repository's name, and GitHub's ids of its owner and of it. */
  readonly repo: string;
  readonly ids: string;
}

/** A moment in the life of a session on an own machine, at which something is killed; it lasts until then. */
export interface Moment {
  readonly step: string;
  readonly reached: (scene: Scene) => Promise<unknown>;
  /** What the model says until then; the work, unless given. */
  readonly turns?: Play["turns"];
  /** What it says from then on, if that's something else. */
  readonly later?: Play["turns"];
  /** What the policy has besides. */
  readonly policy?: string;
}

/** GitHub answers the next request of this kind so. */
function meeting(method: string, path: (repo: string) => string, answer: FaultAnswer = "hang") {
  return ({ github, repo }: Scene) =>
    github.failNext({ method, path: new RegExp(`^${path(repo)}`, "u") }, answer).met;
}

const git = (service: string) => (repo: string) =>
  String.raw`/${organization}/${repo}\.git/${service}`;
const pulls = (repo: string) => `/repos/${organization}/${repo}/pulls$`;

const commented =
  (words: string) =>
  ({ github, repo }: Scene) =>
    github.until(async () => {
      const comments = await commentsIn(github, repo);
      return comments.some((body) => body.includes(words));
    }, LIMIT_MS);

const sleeping = (time: string) => () =>
  vi.waitUntil(() => processesWith(time).length > 0, LIMIT_MS);

/** The times that nobody else's commands sleep, not even those of a file that runs at the same time. */
export const SLEEPS = [`8765.${process.pid}1s`, `8765.${process.pid}2s`] as const;
const [SLEEP_BEFORE, SLEEP_AFTER] = SLEEPS;

const DONE = { says: "Done." };
const COMMIT = { calls: [bash("echo Hello > hello.txt; git add . && git commit -qm Work")] };
const COMMIT_ONCE = {
  calls: [bash("test -e hello.txt || (echo Hello > hello.txt; git add . && git commit -qm Work)")],
};
const sleep = (time: string) => ({ calls: [bash(`sleep ${time}`)] });
const WORK: Play["turns"] = [COMMIT, DONE];
/** What the agent did last its runtime has written down, or not: that takes a tenth of a second. */
const WORK_ONCE: Play["turns"] = [COMMIT_ONCE, COMMIT_ONCE, COMMIT_ONCE, DONE];
/** It hasn't said anything until then. */
const THINKING = { turns: [{ answer: { delayMs: 600_000 } }], later: WORK };

/** The moments. Those last for minutes, but for that of sharing: half a minute. */
export const MOMENTS = {
  fetching: {
    step: "while the repository is fetched",
    reached: meeting("GET", git("info/refs")),
  },
  starting: {
    step: "once it's checked out, while the runtime starts",
    reached({ github, missionControl }: Scene) {
      const { token } = github.as(copilotAccount);
      const lookups = () =>
        missionControl.requests.filter(({ path }) => path === "/copilot_internal/user").length;
      const before = lookups();
      missionControl.answerToken(token, { delayMs: 600_000 });
      return missionControl
        .until(() => lookups() > before, LIMIT_MS)
        .finally(() => missionControl.answerToken(token, {}));
    },
  },
  linked: {
    step: "once the comment has the link",
    reached: commented("[Open session]"),
    ...THINKING,
  },
  working: {
    step: "while the agent runs a command",
    reached: sleeping(SLEEP_BEFORE),
    turns: [sleep(SLEEP_BEFORE)],
    later: WORK_ONCE,
  },
  asking: {
    step: "while the agent waits for an approval",
    reached: commented("/copilot approve"),
    turns: WORK_ONCE,
    policy: "permissions_policy: ask\n",
  },
  committed: {
    step: "once it has committed",
    reached: sleeping(SLEEP_AFTER),
    turns: [COMMIT, sleep(SLEEP_AFTER)],
    later: [COMMIT_ONCE, DONE],
  },
  pushing: {
    step: "while its commits are pushed",
    reached: meeting("POST", git("git-receive-pack")),
  },
  opening: {
    step: "while the pull request is opened",
    reached: meeting("POST", pulls),
  },
  opened: {
    step: "once the pull request is open, and the answer lost",
    reached: meeting("POST", pulls, "perform and drop"),
  },
  sharing: {
    step: "while the session is shared",
    reached({ missionControl, ids }: Scene) {
      missionControl.behaveOnce({ share: { delayMs: 600_000 } }, ids);
      const shares = () => missionControl.requests.filter(isShare).length;
      const before = shares();
      return missionControl.until(() => shares() > before, LIMIT_MS);
    },
  },
  prompted: {
    step: "once the prompt has arrived",
    reached: ({ missionControl, repo }: Scene) =>
      missionControl.until(() => timesPrompted(missionControl, promptIn(repo)) > 0, LIMIT_MS),
    ...THINKING,
  },
} satisfies Record<string, Moment>;

const isShare = ({ method, path }: MissionControl["requests"][number]) =>
  method === "POST" && path === "/agents/sessions";

/** Has each of the moments come about, one after the other. @returns what has to be awaited once that's over */
export async function bringAbout(
  stage: Stage,
  moments: readonly Moment[],
): Promise<readonly Promise<unknown>[]> {
  const { github, missionControl } = stage;
  const octocat = github.as("octocat");
  const webhooks: Promise<unknown>[] = [];
  for (const [index, { step, reached, turns = WORK, policy = POLICY }] of moments.entries()) {
    const repo = repoOf(index);
    const name = { owner: organization, repo };
    const files = { ".github/copilot-tasks.yml": `${ALWAYS}${policy}` };
    await github.git.commit(name, { files, message: "Set the policy" });
    missionControl.play({ prompt: promptIn(repo), turns });
    const issue = await octocat.openIssue(name, { title: promptIn(repo) });
    const isThere = reached({ github, missionControl, repo, ids: await idsOf(github, repo) });
    webhooks.push(octocat.label(issue, "copilot:fix"));
    await isThere.catch((cause: unknown) => {
      throw new Error(`not reached: ${step}`, { cause });
    });
  }
  return webhooks;
}

const ALWAYS = "runs_on: self-hosted\nlimits: { at_once: null }\n";
const POLICY = "permissions_policy: approve\n";

/** From now on, the model says what comes later. */
export function goOn({ missionControl }: Stage, moments: readonly Moment[]): void {
  for (const [index, { later }] of moments.entries()) {
    if (later !== undefined) missionControl.play({ prompt: promptIn(repoOf(index)), turns: later });
  }
}

/** Waits for the pull request of a task, and allows what its agent asks for until then. */
export async function untilPublished({ github }: Stage, repo: string): Promise<void> {
  const octocat = github.as("octocat");
  const allowed = new Set<string>();
  await github.until(async () => {
    const bodies = await commentsIn(github, repo);
    const [, command] = APPROVE.exec(bodies.join("\n")) ?? [];
    if (command !== undefined && !allowed.has(command)) {
      allowed.add(command);
      await octocat.comment({ owner: organization, repo, number: 1 }, command);
    }
    return bodies.some((body) => body.includes("/pull/"));
  }, LIMIT_MS);
}
