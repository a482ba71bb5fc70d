import type { LoopbackGitHub } from "../github/loopback.ts";
import type { MissionControl } from "../mission-control/server.ts";

/** An issue that was labeled; each is in a repository of its own, so that sessions can be distinguished. */
export interface Labeled {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
}

/** What GitHub sent, what Mission Control created and what the threads say, side by side. */
export interface Verdict {
  readonly tasks: number;
  readonly started: number;
  readonly interrupted: number;
  /** Ended in another failure than `interrupted`. */
  readonly failed: number;
  readonly problems: readonly string[];
}

/** What is compared. */
export interface World {
  readonly github: LoopbackGitHub;
  readonly missionControl: MissionControl;
}

/** The comments of tasks in a thread; that somebody was notified of them comes on top. */
export async function commentsOf({ github }: World, { owner, repo, number }: Labeled) {
  const { comments } = await github.thread(owner, repo, number);
  return comments
    .filter(({ author }) => author === github.botLogin)
    .map(({ body }) => body)
    .filter((body) => !body.startsWith("<!-- copilot-notice:"));
}

/** Whether a comment shows an end, and not only progress. */
export function isFinal(comment: string): boolean {
  return !comment.includes("### ⏳ ");
}

/** Compares, once all is quiet. */
export async function judge(world: World, labeled: readonly Labeled[]): Promise<Verdict> {
  const ends = { started: 0, interrupted: 0, failed: 0 };
  const problems: string[] = [];
  for (const place of labeled) {
    const name = `${place.owner}/${place.repo}#${place.number}`;
    const comments = await commentsOf(world, place);
    const [comment = ""] = comments;
    if (comments.length !== 1) problems.push(`${name}: ${comments.length} comments`);
    const end = endOf(comment);
    ends[end] += 1;
    problems.push(...problemsOf(world, place, comment, end).map((what) => `${name}: ${what}`));
  }
  return { tasks: labeled.length, ...ends, problems };
}

type End = "started" | "interrupted" | "failed";

function endOf(comment: string): End {
  if (comment.includes("(`interrupted`)")) return "interrupted";
  return comment.includes("### ❌ ") ? "failed" : "started";
}

function problemsOf(
  { missionControl }: World,
  { owner, repo }: Labeled,
  comment: string,
  end: End,
): string[] {
  const sessions = missionControl.tasks.filter(
    ({ repository }) => repository === `${owner}/${repo}`,
  );
  const [session] = sessions;
  const problems = [];
  if (sessions.length > 1) problems.push(`${sessions.length} sessions`);
  if ((session?.prompts.length ?? 0) > 1) problems.push(`${session?.prompts.length} prompts`);
  if (end === "started") {
    if (session?.prompts.length !== 1) problems.push("reported as started, without a prompt");
    if (!comment.includes(`tasks/${session?.id}`)) problems.push("the link is another session's");
  }
  const honest = /A session may exist|A session exists/u.test(comment);
  if (session !== undefined && end !== "started" && !honest) {
    problems.push("a session exists, and the comment says otherwise");
  }
  return problems;
}
