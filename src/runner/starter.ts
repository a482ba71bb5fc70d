import type { Failure } from "../core/failure.ts";
import { documentedLink } from "../core/link.ts";
import { nextStep } from "../core/next-step.ts";
import { allowanceOf } from "../core/allowance.ts";
import type { Task } from "../core/task.ts";
import { noteOnCutOff } from "./carry-out.ts";
import type { Conversation } from "./conversation.ts";
import type { Ending, Next } from "./ending.ts";
import type { Admitted, Gate } from "./gate.ts";
import type { Background } from "./background.ts";
import { pullsWith } from "./followed.ts";
import type { Following } from "./following.ts";
import type { LateStart } from "./late-start.ts";
import { waitForLateStart } from "./late-start.ts";
import type { Opening, Patience, Ports, SessionRequest } from "./ports.ts";
import { lostClaimOf, record } from "./record.ts";
import type { Reporter } from "./reporter.ts";
import type { Writer } from "./writer.ts";

/** Takes a task from the gate to its comment. */
export interface Starter {
  advance(task: Task): Promise<Next>;
}

interface Parts {
  readonly ports: Ports;
  readonly gate: Gate;
  readonly writer: Writer;
  readonly ending: Ending;
  readonly reporter: Reporter;
  readonly conversation: Conversation;
  readonly background: Background;
  readonly following: Following;
  readonly patience: Patience;
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
        case "follow":
          return follow(parts, task);
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
  const { ports, gate, ending, writer, reporter } = parts;
  const admission = await gate.admit(task);
  if ("next" in admission) return admission.next;
  const { admitted } = admission;
  const written = await writer.write(admitted);
  if ("next" in written) return written.next;
  const { text: prompt, leftOut } = written.prompt;
  const request = { ...(await requestFor(parts, admitted.task)), ...limitsOf(admitted) };
  const changes = {
    state: "in_progress",
    sessionIntentAt: ports.now().toISOString(),
    promptDigest: ports.digest(prompt),
    leftOut,
    ...labelsOf(admitted),
    onClose: admitted.policy.onClose,
    permissionsPolicy: admitted.policy.permissionsPolicy,
    defaultBranch: admitted.survey.defaultBranch?.branch ?? null,
    checkCommit: checkCommitOf(admitted),
  } as const;
  const stop = await ports.orders.stopOf(task.id);
  if (stop !== null) return ending.stopped(admitted.task, stop);
  const begin = await ports.tasks.begin(admitted.task, changes, allowanceOf(admitted.policy));
  if (begin.type === "lost") throw lostClaimOf(task);
  if (begin.type === "refused") return ending.denied(admitted.task, begin.denial, true);
  ports.log.info({ taskId: task.id }, "session asked for");
  const begun = await reporter.mark(begin.task);
  const opening = await explained(ports, request, await ports.copilot.open(request));
  return opened(parts, begun, opening, { request, prompt });
}

function limitsOf({ policy }: Admitted): Pick<SessionRequest, "sessionLimits"> {
  const { aiCredits } = policy.sessionLimits;
  return aiCredits === null ? {} : { sessionLimits: { maxAiCredits: aiCredits } };
}

/** Where the policy wants a check run: on the head of the pull request. */
function checkCommitOf({ survey, policy }: Admitted): string | null {
  return policy.checkRun ? (survey.subject.pull?.head.commit ?? null) : null;
}

/** What is to be done with labels, as the policy says now. */
function labelsOf({ task, policy: { labelsAfter } }: Admitted) {
  const { running: runningLabel, failed: failedLabel, removeTrigger } = labelsAfter;
  return { runningLabel, failedLabel, labelToRemove: removeTrigger ? task.triggerLabel : null };
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

async function report(parts: Parts, task: Task): Promise<Next> {
  const { ports, patience } = parts;
  if (isUnfollowedYet(task) && patience.followMs > 0) {
    const followUntil = new Date(ports.now().getTime() + patience.followMs).toISOString();
    return follow(parts, await record(ports.tasks, task, { followUntil }));
  }
  // Nobody watches any more: the bot was started again, and the session's id is not known.
  const over =
    task.watchUntil === null
      ? task
      : await record(ports.tasks, task, { watchUntil: null, subjectKey: null });
  return reportAndOpen(parts, over);
}

/** While the comment was written, nobody took what people told the session. */
async function reportAndOpen({ reporter, following }: Parts, task: Task): Promise<Next> {
  const next = await reporter.report(task);
  if (next === "done" && task.sessionId !== null) await following.openForOrders(task);
  return next;
}

/** The bot was cut off between the link and the following. */
function isUnfollowedYet(task: Task): boolean {
  const { promptDeliveredAt, unfollowed, failureCode, denial, sessionId } = task;
  const isThere = promptDeliveredAt !== null && sessionId !== null;
  return isThere && [unfollowed, failureCode, denial].every((ended) => ended === null);
}

/** After a restart: the session is there, and its events tell whether it has the prompt. */
async function resume(parts: Parts, task: Task): Promise<Next> {
  const { ports, ending, conversation } = parts;
  const sessionId = task.sessionId ?? "";
  if (task.promptDeliveredAt !== null) {
    const linkUrl = documentedLink(sessionId);
    return report(parts, await record(ports.tasks, task, { linkUrl, linkSource: "documented" }));
  }
  const prompt = await promptAgain(parts, task);
  if (typeof prompt !== "string") return prompt.next;
  const session = await ports.copilot.attach(sessionId, await requestFor(parts, task));
  if (session !== null) return conversation.begin(task, session, prompt);
  if (ports.stopping.aborted) return "done";
  if (task.failureCode !== null) return report(parts, task);
  return ending.failed(await withLink(ports, task, { ...INTERRUPTED, sessionId }), INTERRUPTED);
}

/** The prompt of a session that is there already: the gate has let it pass. */
async function promptAgain(parts: Parts, task: Task): Promise<string | { readonly next: Next }> {
  const { gate, writer, ending, ports } = parts;
  const looked = await gate.look(task);
  if ("next" in looked) return looked;
  const { facts, reading } = looked.value;
  if (!("policy" in reading)) {
    const sessionId = task.sessionId ?? "";
    const linked = await withLink(ports, task, { ...INTERRUPTED, sessionId });
    return { next: await ending.failed(linked, INTERRUPTED) };
  }
  const written = await writer.write({ task, survey: facts.survey, policy: reading.policy });
  return "next" in written ? written : written.prompt.text;
}

/** After a restart, or on somebody's word: the bot goes on following, where it can. */
async function follow(parts: Parts, task: Task): Promise<Next> {
  const { ports, background, following } = parts;
  const session = await ports.copilot.attach(task.sessionId ?? "", await requestFor(parts, task));
  if (session !== null) {
    ports.log.info({ taskId: task.id, sessionId: session.id }, "session followed again");
    background.goOn(task, (lost) => following.follow(task, session, lost));
    return "done";
  }
  if (ports.stopping.aborted) return "done";
  const begun = await ports.orders.begun(task.id);
  const waiting = await ports.orders.take(task.id);
  const all = [...begun, ...waiting];
  const isUndone = waiting.some(({ type }) => type !== "pull_request");
  const undone = isUndone ? "What was asked of the session could not be done." : null;
  const notes = [noteOnCutOff(begun), undone].filter((note) => note !== null);
  const note = notes.length === 0 ? null : notes.join(" ");
  const pulls = pullsWith(task, all, ports.now().toISOString());
  const changes = { unfollowed: "unreachable", followUntil: null, note, pulls } as const;
  const unfollowed = await record(ports.tasks, task, changes);
  await ports.orders.done(all.map(({ id }) => id));
  return reportAndOpen(parts, unfollowed);
}

async function requestFor({ ports }: Parts, task: Task): Promise<SessionRequest> {
  const { owner, repository, requester: login, requesterId: id } = task;
  const { token } = await ports.identities.identityFor({ login, id });
  return { owner, repository, branch: task.branch ?? "", token };
}
