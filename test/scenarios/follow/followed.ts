import { hello } from "../../../sandbox/github/seed.ts";
import type { RecordedTask, TaskEvent } from "../../../sandbox/mission-control/task.ts";
import type { Place, World } from "../world.ts";
import { botComments, canAttach, isNotice, steady } from "../world.ts";

/** How the worlds of these stories differ: comments follow at once, as far as the runtime polls. */
export const FOLLOWING = {
  variables: { FOLLOW_MINUTES: "60", IDLE_MINUTES: "10" },
  timeouts: { editEveryMs: 100, sessionCommandsEveryMs: 500, linkGraceMs: 1_000 },
} as const;

/** What a comment says of a session that nothing written in the thread reaches any more. */
const ELSEWHERE = "To continue, open the session: commands here don't reach it anymore.";

/** What the log of the next bot says when it follows a session again, or can't. */
export const TAKEN_OVER = canAttach
  ? "session followed again"
  : "this runtime can't reach an existing session";

/** What a comment says of a request in a session that the bot doesn't follow. */
export const STILL_WAITING = "If Copilot is still waiting, answer [in Mission Control](";

/** What becomes of a command to such a session. */
export const NOT_CARRIED_OUT =
  "The last command wasn't carried out, because the bot can't reach the session.";

/** What a comment offers about a session that was left: the command, where it can be reached again. */
export function offer(command: string): string {
  return canAttach ? command : ELSEWHERE;
}

/** A session that is followed, and the thread that it was asked for in. */
export interface FollowedStory {
  readonly issue: Place;
  readonly session: RecordedTask;
  /** The agent does something. */
  readonly emit: (type: string, data: TaskEvent["data"]) => void;
  /** The one comment of the task, once it holds these words; steadied. */
  readonly comment: (words: string) => Promise<string>;
  /** The notices that are there, once there are so many; steadied. */
  readonly notices: (count: number) => Promise<string[]>;
}

/** Octocat labels a new issue, and the link is there. */
export async function startStory(world: World, label = "copilot:triage"): Promise<FollowedStory> {
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "It crashes", body: "At midnight." });
  const before = world.missionControl.tasks.length;
  await octocat.label(issue, label);
  await botComments(world, issue, (body) => body.includes("[Open session]"));
  const session = world.missionControl.tasks[before];
  if (session === undefined) throw new TypeError("no session");
  return {
    issue,
    session,
    emit: (type, data) => world.missionControl.emit(session.id, type, data),
    async comment(words) {
      const isThere = (body: string) => body.includes(words) && !isNotice(body);
      const all = await botComments(world, issue, isThere);
      const comments = all.filter((body) => !isNotice(body));
      if (comments.length !== 1) throw new TypeError(`${comments.length} comments`);
      return steadyProgress(comments[0] ?? "", world);
    },
    async notices(count) {
      const { owner, repo, number } = issue;
      const read = async () => {
        const { comments } = await world.github.thread(owner, repo, number);
        return comments.map(({ body }) => body).filter(isNotice);
      };
      await world.github.until(async () => (await read()).length === count, 30_000);
      return (await read()).map((body) => steadyProgress(body, world));
    },
  };
}

function steadyProgress(comment: string, world: World): string {
  const timeless = comment.replaceAll(/:\d{4}-\d\d-\d\dT[\d:.]+Z/gu, ":TIME");
  return steady(timeless.replaceAll(/#issuecomment-\d+/gu, "#issuecomment-ID"), world).replaceAll(
    /\/copilot (\w+) [0-9a-f]{8}( [0-9a-f]{4}\b)?/gu,
    (_all, name: string, code?: string) =>
      `/copilot ${name} UUID8${code === undefined ? "" : " CODE"}`,
  );
}
