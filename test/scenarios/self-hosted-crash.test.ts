import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { UNPACED_BOT } from "../../sandbox/chaos/unpaced.ts";
import type { BotProcess } from "../../sandbox/demo/bot.ts";
import { startBot } from "../../sandbox/demo/bot.ts";
import { liftLimits, WITH_DEFAULTS } from "../../sandbox/github/limits.ts";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { copilotAccount, organization } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { isRoot, USER } from "../isolation/isolations.ts";
import { processesWith } from "../isolation/outside.ts";
import { LIMIT_MS } from "./cut-off-bot.ts";
import { isNotice, RUNTIME } from "./world.ts";

/** Where a task is that's about to be asked for. */
interface Scene {
  readonly github: LoopbackGitHub;
  readonly missionControl: MissionControl;
  readonly bot: BotProcess;
  /** The repository's name, and GitHub's ids of its owner and of it. */
  readonly repo: string;
  readonly ids: string;
}

/** A moment at which the bot is killed; it lasts until then. */
interface Moment {
  readonly step: string;
  readonly reached: (scene: Scene) => Promise<unknown>;
}

/** GitHub doesn't answer the next request of this kind. */
function hanging(method: string, path: (repo: string) => string) {
  return ({ github, repo }: Scene) =>
    github.failNext({ method, path: new RegExp(`^${path(repo)}`, "u") }, "hang").met;
}

function logged(message: string) {
  return ({ bot }: Scene) => {
    const isSuch = (line: string) => line.includes(`"msg":"${message}"`);
    return bot.logged(message, bot.lines.filter(isSuch).length + 1);
  };
}

const git = (service: string) => (repo: string) =>
  String.raw`/${organization}/${repo}\.git/${service}`;

const MOMENTS: readonly Moment[] = [
  { step: "while the repository is fetched", reached: hanging("GET", git("info/refs")) },
  {
    step: "while the session is shared",
    reached({ missionControl, ids }) {
      missionControl.behaveOnce({ share: { delayMs: 60_000 } }, ids);
      const shares = () => missionControl.requests.filter(isShare).length;
      const before = shares();
      return missionControl.until(() => shares() > before, LIMIT_MS);
    },
  },
  { step: "once the prompt has arrived", reached: logged("prompt delivered") },
  {
    step: "while the agent runs a command",
    reached: () => vi.waitUntil(() => processesWith(SLEEP).length > 0, LIMIT_MS),
  },
  { step: "while its commits are pushed", reached: hanging("POST", git("git-receive-pack")) },
  {
    step: "while the pull request is opened",
    reached: hanging("POST", (repo) => `/repos/${organization}/${repo}/pulls$`),
  },
  {
    step: "once the pull request is open, and the answer lost",
    reached({ github, repo }) {
      const match = { method: "POST", path: `/repos/${organization}/${repo}/pulls` };
      return github.failNext(match, "perform and drop").met;
    },
  },
];

/** How long a model may think: until its bot is killed, and as long again for the next one. */
const THINKS_MS = 30_000;

/** The time that nobody else's command sleeps. */
const SLEEP = "8765.4321";

const isShare = ({ method, path }: MissionControl["requests"][number]) =>
  method === "POST" && path === "/agents/sessions";

const bash = (command: string) => ({ tool: "bash", arguments: { command, description: "work" } });

/** The agent commits once, whatever happens. */
function play(missionControl: MissionControl, { step }: Moment): void {
  const isAtWork = step === "while the agent runs a command";
  const isThinking = step === "once the prompt has arrived";
  const commit = { calls: [bash("echo Hello > hello.txt; git add . && git commit -qm Work")] };
  missionControl.play({
    prompt: `It happens ${step}.`,
    turns: [
      ...(isAtWork ? [{ calls: [bash(`sleep ${SLEEP}`)] }] : []),
      isThinking ? { ...commit, answer: { delayMs: THINKS_MS } } : commit,
      { says: "Done." },
    ],
  });
}

const POLICY = `
runs_on: self-hosted
permissions_policy: approve
limits: { at_once: null }
`;

/** What has become of a task. */
interface Remains {
  readonly comments: readonly string[];
  readonly pulls: number;
  readonly commits: readonly string[];
}

describe.skipIf(!hasBubblewrap)("a bot that is killed while a session runs on its machine", () => {
  let remains: readonly Remains[] = [];

  beforeAll(async () => {
    remains = await killAtAll(MOMENTS);
  }, 240_000);

  it.each(MOMENTS.map(({ step }, index) => ({ step, index })))(
    "goes on $step: one comment, the work done once, one pull request",
    ({ index }) => {
      const { comments, pulls, commits } = remains[index] ?? {
        comments: [],
        pulls: 0,
        commits: [],
      };
      expect(comments).toHaveLength(1);
      expect(comments[0]).toContain("/pull/");
      expect(pulls).toBe(1);
      expect(commits).toEqual(["Work", "Set the policy", "Initial commit"]);
    },
  );
});

async function killAtAll(moments: readonly Moment[]): Promise<readonly Remains[]> {
  const world = await openWorld(moments.map((_moment, index) => `moment-${index + 1}`));
  const { github, missionControl } = world;
  try {
    const bot = await world.start({ requestMs: LIMIT_MS, requestAgainMs: LIMIT_MS });
    const octocat = github.as("octocat");
    const webhooks: Promise<unknown>[] = [];
    for (const [index, moment] of moments.entries()) {
      const repo = `moment-${index + 1}`;
      const name = { owner: organization, repo };
      const files = { ".github/copilot-tasks.yml": POLICY };
      await github.git.commit(name, { files, message: "Set the policy" });
      play(missionControl, moment);
      const issue = await octocat.openIssue(name, { title: `It happens ${moment.step}.` });
      const ids = await idsOf(github, repo);
      const isThere = moment.reached({ github, missionControl, bot, repo, ids });
      webhooks.push(octocat.label(issue, "copilot:fix"));
      await isThere.catch((cause: unknown) => {
        throw new Error(`not reached: ${moment.step}\n${bot.lines.slice(-20).join("\n")}`, {
          cause,
        });
      });
    }
    await bot.kill();
    expect(processesWith(SLEEP)).toEqual([]);
    await Promise.all(webhooks);
    const next = await world.start({});
    const ends = moments.map((_moment, index) =>
      github.until(async () => {
        const { comments } = await remainsOf(github, `moment-${index + 1}`);
        return comments.some((body) => body.includes("/pull/"));
      }, LIMIT_MS),
    );
    await Promise.allSettled(ends);
    await next.stop();
    return await Promise.all(
      moments.map((_moment, index) => remainsOf(github, `moment-${index + 1}`)),
    );
  } finally {
    await world.close();
  }
}

async function openWorld(names: readonly string[]) {
  const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-hosting-"));
  const missionControl = await startMissionControl();
  const repositories = [...WITH_DEFAULTS, ...names.map((name) => ({ name }))];
  const github = await startGitHub({ repositories });
  await liftLimits(github);
  for (const { permissions } of [github.app, github.installation]) {
    permissions["contents"] = "write";
    permissions["pull_requests"] = "write";
  }
  const bots: BotProcess[] = [];
  return {
    github,
    missionControl,
    async start(waits: Readonly<Record<string, number>>): Promise<BotProcess> {
      const settings = {
        ...github.environment,
        ...missionControl.environment,
        ...RUNTIME,
        DATA_DIR: directory,
        MAX_CONCURRENT_STARTS: "50",
        SELF_HOSTED: "on",
        SELF_HOSTED_REPOSITORIES: `${organization}/*`,
        SELF_HOSTED_SESSIONS: "20",
        ...(isRoot ? { SANDBOX_USER: `${USER?.uid}:${USER?.gid}` } : {}),
        COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
        WAITS: JSON.stringify({ editEveryMs: 100, ...waits }),
      };
      const bot = await startBot(settings, UNPACED_BOT);
      bots.push(bot);
      github.deliverTo(`${bot.url}/api/github/webhooks`);
      return bot;
    },
    async close() {
      await Promise.all(bots.map((bot) => bot.stop()));
      await github.close();
      await missionControl.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const REPOSITORY = z.object({ id: z.number(), owner: z.object({ id: z.number() }) });

async function idsOf(github: LoopbackGitHub, repo: string): Promise<string> {
  const answer = await fetch(`http://${github.host}/api/v3/repos/${organization}/${repo}`, {
    headers: { authorization: `Bearer ${github.as("octocat").token}` },
  });
  const { id, owner } = REPOSITORY.parse(await answer.json());
  return `${owner.id}/${id}`;
}

async function remainsOf(github: LoopbackGitHub, repo: string): Promise<Remains> {
  const name = { owner: organization, repo };
  const { comments } = await github.thread(name.owner, repo, 1);
  const own = comments.filter(({ author }) => author === github.botLogin).map(({ body }) => body);
  const branch = Object.keys(github.git.branches(name)).find((one) => one.startsWith("copilot/"));
  const pulls = await fetch(
    `http://${github.host}/api/v3/repos/${organization}/${repo}/pulls?state=all`,
    { headers: { authorization: `Bearer ${github.as("octocat").token}` } },
  );
  return {
    comments: own.filter((body) => !isNotice(body)),
    pulls: z.array(z.unknown()).parse(await pulls.json()).length,
    commits:
      branch === undefined
        ? []
        : github.git.commits(name, branch).map(({ message }) => message.trim()),
  };
}
