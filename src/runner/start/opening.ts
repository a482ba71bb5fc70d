import pTimeout from "p-timeout";
import { attemptDueAt } from "../../core/task/starting-notice.ts";
import type { Task } from "../../core/task/task.ts";
import { sessionKnown } from "../../core/task/transitions/starting.ts";
import type { Opening } from "../../ports/copilot.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Next } from "../../ports/queue.ts";
import type { Timeouts } from "../../ports/timeouts.ts";
import { record } from "../lease/record.ts";
import type { Reporter } from "../report/reporter.ts";
import type { LateStart } from "./late-start.ts";
import { waitForLateStart } from "./late-start.ts";
import { withDocumentedLink } from "./session-link.ts";
import type { StarterParts } from "./starter-parts.ts";

interface NoticeParts {
  readonly ports: Pick<Ports, "now">;
  readonly reporter: Pick<Reporter, "update">;
  readonly timeouts: Pick<Timeouts, "startingNoticeMs">;
}

/**
 * Waits for a session to open; where that takes long, its task's comment says meanwhile that it's starting. The comment
 * is edited once the link is known.
 */
export async function openingOf(
  { ports, reporter, timeouts }: NoticeParts,
  task: Task,
  opening: Promise<Opening>,
): Promise<{ readonly task: Task; readonly opening: Opening }> {
  const now = ports.now().getTime();
  const milliseconds = Math.max(1, attemptDueAt(task, now, timeouts.startingNoticeMs) - now);
  const first = await pTimeout(opening, { milliseconds, fallback: () => null });
  if (first !== null) return { task, opening: first };
  try {
    const updated = await reporter.update(task);
    return { task: updated, opening: await opening };
  } catch (error) {
    void letGo(opening);
    throw error;
  }
}

/** Nobody continues the task here, so nobody watches its session. */
async function letGo(opening: Promise<Opening>): Promise<void> {
  try {
    const late = await opening;
    if (late.type === "started") await late.session.detach();
  } catch {
    // Whoever has the task now finds in its row what is known of the session.
  }
}

/** What is next for a task, now that it is known what came of the creation of its session. */
export async function afterOpening(
  parts: StarterParts,
  task: Task,
  opening: Opening,
  late: Pick<LateStart, "request" | "prompt">,
): Promise<Next> {
  const { ports, sessions } = parts;
  switch (opening.type) {
    case "started":
      return sessions.begin(task, opening.session, late.prompt);
    case "lost":
      await record(ports.tasks, task, sessionKnown(task, opening.sessionId));
      return { afterMs: 1_000 };
    case "failed":
      return refused(parts, task, opening, late);
    case "late": {
      const { failure, end } = opening;
      const linked = await withDocumentedLink(parts, task, failure);
      return waitForLateStart(parts, linked, { ...late, failure, end });
    }
    default:
      throw new TypeError("an opening of no known type");
  }
}

async function refused(
  parts: StarterParts,
  task: Task,
  { failure, canAttach }: Extract<Opening, { type: "failed" }>,
  late: Pick<LateStart, "request" | "prompt">,
): Promise<Next> {
  const linked = await withDocumentedLink(parts, task, failure);
  const isTimedOut = failure.code === "start_timed_out";
  const isLate = isTimedOut && failure.sessionId !== undefined;
  if (!isLate || canAttach === false) {
    const stop = isTimedOut ? await parts.ports.sessionCommands.stopOf(task.id) : null;
    if (stop !== null) return parts.outcomes.stopped(linked, stop);
    return parts.outcomes.failed(linked, failure);
  }
  return waitForLateStart(parts, linked, { ...late, failure, end: null });
}
