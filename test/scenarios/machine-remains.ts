import { z } from "zod";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { organization } from "../../sandbox/github/seed.ts";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { countPulls, idsOf } from "./own-machines.ts";
import { isNotice } from "./world.ts";

/** What sessions on own machines speak to. */
export interface Stage {
  readonly github: LoopbackGitHub;
  readonly missionControl: MissionControl;
}

/** The repository of a task, the first of whose issues asks for it, and what its prompt has. */
export const repoOf = (index: number) => `moment-${index + 1}`;
export const promptIn = (repo: string) => `It happens in ${repo}.`;

/** What has become of a task. */
export interface Remains {
  /** The task's own, without the bot's notices. */
  readonly comments: readonly string[];
  readonly pulls: number;
  /** What was committed on the task's branches. */
  readonly commits: readonly string[];
  /** The sessions that got its prompt, and how often one of them got it at most. */
  readonly sessions: number;
  readonly prompts: number;
}

/** What's there once all is over. */
export async function remainsOf({ github, missionControl }: Stage, repo: string): Promise<Remains> {
  const name = { owner: organization, repo };
  const branches = Object.keys(github.git.branches(name)).filter((one) =>
    one.startsWith("copilot/"),
  );
  const ids = await idsOf(github, repo);
  const prompted = missionControl.sessions.filter(
    (one) =>
      one.repository === ids &&
      one.events.some(
        ({ type, data }) =>
          type === "user.message" && JSON.stringify(data).includes(promptIn(repo)),
      ),
  );
  return {
    comments: await commentsIn(github, repo),
    pulls: await countPulls(github, repo),
    commits: branches.flatMap((branch) =>
      github.git.commits(name, branch).map(({ message }) => message.trim()),
    ),
    sessions: new Set(prompted.map(({ sessionId }) => sessionId)).size,
    prompts: timesPrompted(missionControl, promptIn(repo)),
  };
}

/** The task's own comments, without the bot's notices. */
export async function commentsIn(github: LoopbackGitHub, repo: string): Promise<string[]> {
  const { comments } = await github.thread(organization, repo, 1);
  const own = comments.filter(({ author }) => author === github.botLogin).map(({ body }) => body);
  return own.filter((body) => !isNotice(body));
}

const CONVERSATION = z.looseObject({
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })),
});

/** How often a model had this prompt in one conversation, at most. */
export function timesPrompted({ requests }: MissionControl, prompt: string): number {
  const counts = requests
    .filter(({ path }) => path.endsWith("/chat/completions"))
    .map(({ body }) => CONVERSATION.parse(body).messages)
    .map((messages) =>
      messages.filter(
        ({ role, content }) => role === "user" && JSON.stringify(content).includes(prompt),
      ),
    )
    .map(({ length }) => length);
  return Math.max(0, ...counts);
}
