import type { Failure } from "../core/failure.ts";
import { documentedLink } from "../core/link.ts";
import { nextStep } from "../core/next-step.ts";
import { renderPrompt } from "../core/prompt.ts";
import type { Task } from "../core/task.ts";
import type { Conversation } from "./conversation.ts";
import type { Ending, Next } from "./ending.ts";
import type { Gate } from "./gate.ts";
import type { CloudSession, Opening, Ports, SessionRequest } from "./ports.ts";
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
          return parts.reporter.report(task);
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
  return opened(parts, intending, opening, written.value);
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
  { ports, ending, conversation }: Parts,
  task: Task,
  opening: Opening,
  prompt: string,
): Promise<Next> {
  switch (opening.type) {
    case "started":
      return conversation.begin(task, opening.session, prompt);
    case "failed":
      return ending.failed(await withLink(ports, task, opening.failure), opening.failure);
    case "late": {
      const linked = await withLink(ports, task, opening.failure);
      const next = await ending.failed(linked, opening.failure);
      void adopt(ports, conversation, linked, opening.session, prompt);
      return next;
    }
    default:
      throw new TypeError("an opening of no known type");
  }
}

/** A session that started after our patience had ended gets its prompt, and the comment is corrected. */
async function adopt(
  { log }: Ports,
  conversation: Conversation,
  failed: Task,
  late: Promise<CloudSession | null>,
  prompt: string,
): Promise<void> {
  try {
    const session = await late;
    if (session === null) return;
    log.info({ taskId: failed.id, sessionId: session.id }, "session started late: adopted");
    await conversation.begin(failed, session, prompt);
  } catch (error) {
    log.error({ taskId: failed.id, err: error }, "a late session could not be adopted");
  }
}

async function withLink({ tasks }: Ports, task: Task, { sessionId }: Failure): Promise<Task> {
  if (sessionId === undefined) return task;
  const linkUrl = documentedLink(sessionId);
  return record(tasks, task, { sessionId, linkUrl, linkSource: "documented" });
}

/** After a restart: the session is there, and its events tell whether it has the prompt. */
async function resume(parts: Parts, task: Task): Promise<Next> {
  const { ports, ending, reporter, conversation } = parts;
  const sessionId = task.sessionId ?? "";
  if (task.promptDeliveredAt !== null) {
    const linkUrl = documentedLink(sessionId);
    return reporter.report(await record(ports.tasks, task, { linkUrl, linkSource: "documented" }));
  }
  const session = await ports.copilot.attach(sessionId, await requestFor(parts, task));
  if (session === null) {
    const failure = { ...INTERRUPTED, sessionId };
    return ending.failed(await withLink(ports, task, failure), failure);
  }
  const written = await ending.guard(task, () => promptFor(parts, task));
  if ("next" in written) return written.next;
  return conversation.begin(task, session, written.value);
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
