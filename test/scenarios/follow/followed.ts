import { hello } from "../../../sandbox/github/seed.ts";
import type { RecordedTask, TaskEvent } from "../../../sandbox/mission-control/task.ts";
import type { Place, World } from "../world.ts";
import { botComments, steady } from "../world.ts";

/** How the worlds of these stories differ: comments follow at once, as far as the runtime polls. */
export const FOLLOWING = {
  variables: { FOLLOW_MINUTES: "60", IDLE_MINUTES: "10" },
  waits: { editEveryMs: 100, ordersEveryMs: 500, linkGraceMs: 1_000 },
} as const;

/** A session that is followed, and the thread that it was asked for in. */
export interface FollowedStory {
  readonly issue: Place;
  readonly session: RecordedTask;
  /** The agent does something. */
  readonly emit: (type: string, data: TaskEvent["data"]) => void;
  /** The one comment, once it holds these words; steadied. */
  readonly comment: (words: string) => Promise<string>;
}

/** Octocat labels a new issue, and the link is there. */
export async function startStory(world: World, label = "copilot:triage"): Promise<FollowedStory> {
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "It crashes", body: "At midnight." });
  const before = world.missionControl.tasks.length;
  await octocat.label(issue, label);
  await botComments(world, issue, (body) => body.includes("Follow the session"));
  const session = world.missionControl.tasks[before];
  if (session === undefined) throw new TypeError("no session");
  return {
    issue,
    session,
    emit: (type, data) => world.missionControl.emit(session.id, type, data),
    async comment(words) {
      const comments = await botComments(world, issue, (body) => body.includes(words));
      if (comments.length !== 1) throw new TypeError(`${comments.length} comments`);
      return steadyProgress(comments[0] ?? "", world);
    },
  };
}

function steadyProgress(comment: string, world: World): string {
  return steady(comment, world).replaceAll(
    /\/copilot (\w+) [0-9a-f]{8}( [0-9a-f]{4}\b)?/gu,
    (_all, name: string, code?: string) =>
      `/copilot ${name} UUID8${code === undefined ? "" : " CODE"}`,
  );
}
