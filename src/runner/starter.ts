import type { Failure } from "../core/failure.ts";
import { documentedLink } from "../core/link.ts";
import { nextStep } from "../core/next-step.ts";
import { renderPrompt } from "../core/prompt.ts";
import type { Task } from "../core/task.ts";
import type { Conversation } from "./conversation.ts";
import type { Ending, Next } from "./ending.ts";
import type { Gate } from "./gate.ts";
import type { Background } from "./background.ts";
import type { LateStart } from "./late-start.ts";
import { waitForLateStart } from "./late-start.ts";
import type { Opening, Patience, Ports, SessionRequest } from "./ports.ts";
import { record } from "./record.ts";
import type { Reporter } from "./reporter.ts";

/** Takes a task from the gate to its comment. */
export interface Starter {
  advance(task: Task): Promise<Next>;
}

interface Parts {
  readonly ports: Ports;
  readonly gate: Gate;
  readonly ending: Ending;
  readonly reporter: Reporter;
  readonly conversation: Conversation;
  readonly background: Background;
  readonly patience: Patience;
  /** Origin of the GitHub that subjects are on. */
  readonly origin: string;
}

/** The starter over its parts. */
export function createStarter(parts: Parts): Starter {
  return {
    advance(task) {
      switch (nextStep(task)) {
        case "nothing":
          return Promise.resolve("done");
        case "report":
          return report(parts, task);
        case "interrupted":
          return parts.ending.failed(task, INTERRUPTED);
        case "resume":
          return resume(parts, task);
        case "receive":
        case "start":
          return start(parts, task);
        default:
          throw new TypeError(`task ${task.id} has no next step`);
      }
    },
  };
}

const INTERRUPTED: Failure = {
  code: "interrupted",
  message: "the bot stopped while the session was being created",
  nothingCreated: false,
};

async function start(parts: Parts, task: Task): Promise<Next> {
  const { ports, gate, ending } = parts;
  const admission = await gate.admit(task);
  if ("next" in admission) return admission.next;
  const written = await ending.guard(task, () => promptFor(parts, admission.admitted));
  if ("next" in written) return written.next;
  const request = await requestFor(parts, admission.admitted);
  const intending = await record(ports.tasks, admission.admitted, {
    state: "in_progress",
    sessionIntentAt: ports.now().toISOString(),
  });
  ports.log.info({ taskId: task.id }, "session asked for");
  const opening = await explained(ports, request, await ports.copilot.open(request));
  return opened(parts, intending, opening, { request, prompt: written.value });
}

/** Some refusals come without a word: then GitHub is asked about the token and the repository. */
async function explained(
  { identities }: Ports,
  request: SessionRequest,
  opening: Opening,
): Promise<Opening> {
  if (opening.type !== "failed" || opening.failure.code !== "unknown") return opening;
  const code = await identities.diagnose(request);
  return code === null ? opening : { type: "failed", failure: { ...opening.failure, code } };
}

async function opened(
  parts: Parts,
  task: Task,
  opening: Opening,
  late: Pick<LateStart, "request" | "prompt">,
): Promise<Next> {
  const { ports, conversation } = parts;
  switch (opening.type) {
    case "started":
      return conversation.begin(task, opening.session, late.prompt);
    case "lost":
      await record(ports.tasks, task, { sessionId: opening.sessionId });
      return { afterMs: 1_000 };
    case "failed":
      return refused(parts, task, opening.failure, late);
    case "late": {
      const { failure, end } = opening;
      const linked = await withLink(ports, task, failure);
      return waitForLateStart(parts, linked, { ...late, failure, end });
    }
    default:
      throw new TypeError("an opening of no known type");
  }
}

async function refused(
  parts: Parts,
  task: Task,
  failure: Failure,
  late: Pick<LateStart, "request" | "prompt">,
): Promise<Next> {
  const linked = await withLink(parts.ports, task, failure);
  if (failure.code !== "start_timed_out" || failure.sessionId === undefined) {
    return parts.ending.failed(linked, failure);
  }
  return waitForLateStart(parts, linked, { ...late, failure, end: null });
}

async function withLink({ tasks }: Ports, task: Task, { sessionId }: Failure): Promise<Task> {
  if (sessionId === undefined) return task;
  const linkUrl = documentedLink(sessionId);
  return record(tasks, task, { sessionId, linkUrl, linkSource: "documented" });
}

async function report({ ports, reporter }: Parts, task: Task): Promise<Next> {
  if (task.watchUntil === null) return reporter.report(task);
  // Nobody watches any more: the bot was started again, and the session's id is not known.
  return reporter.report(await record(ports.tasks, task, { watchUntil: null }));
}

/** After a restart: the session is there, and its events tell whether it has the prompt. */
async function resume(parts: Parts, task: Task): Promise<Next> {
  const { ports, ending, reporter, conversation } = parts;
  const sessionId = task.sessionId ?? "";
  if (task.promptDeliveredAt !== null) {
    const linkUrl = documentedLink(sessionId);
    return reporter.report(await record(ports.tasks, task, { linkUrl, linkSource: "documented" }));
  }
  const written = await ending.guard(task, () => promptFor(parts, task));
  if ("next" in written) return written.next;
  const session = await ports.copilot.attach(sessionId, await requestFor(parts, task));
  if (session !== null) return conversation.begin(task, session, written.value);
  if (ports.stopping.aborted) return "done";
  if (task.failureCode !== null) return report(parts, task);
  return ending.failed(await withLink(ports, task, { ...INTERRUPTED, sessionId }), INTERRUPTED);
}

async function requestFor({ ports }: Parts, task: Task): Promise<SessionRequest> {
  const { owner, repository, requester: login, requesterId: id } = task;
  const { token } = await ports.identities.identityFor({ login, id });
  return { owner, repository, branch: task.branch ?? "", token };
}

async function promptFor({ ports, origin }: Parts, task: Task): Promise<string> {
  const passages = await ports.github.passages(task);
  const { branch, commit } = task;
  if (branch === null || commit === null) throw new TypeError(`task ${task.id} has no branch yet`);
  return renderPrompt({ ...task, branch, commit, github: origin, passages, nonce: ports.nonce() });
}
