import { allowanceOf } from "../../core/access/allowance.ts";
import { NOTICE_TYPES } from "../../core/task/shown.ts";
import type { Prompt } from "../../core/prompt/prompt.ts";
import { denyingSetting } from "../../core/task/denying-setting.ts";
import type { Denial } from "../../core/task/denial.ts";
import { nextStep } from "../../core/task/next-step.ts";
import type { Task } from "../../core/task/task.ts";
import type { SessionTerms } from "../../core/task/transitions/starting.ts";
import { notRequested, sessionRequested } from "../../core/task/transitions/starting.ts";
import { hostedOn } from "../../core/task/transitions/hosting.ts";
import type { HostingTerms } from "../../core/task/hosting.ts";
import type { Identity } from "../../ports/identities.ts";
import type { Next } from "../../ports/queue.ts";
import type { SessionHost } from "../../ports/session-host.ts";
import { lostClaimOf, record } from "../lease/record.ts";
import type { Admission, Admitted } from "../receive/gate.ts";
import { explained } from "../report/explanation.ts";
import { identify } from "./connection.ts";
import { follow } from "./follow-again.ts";
import { afterOpening, openingOf } from "./opening.ts";
import { report } from "./report.ts";
import { openHosted } from "./hosted.ts";
import { interrupted } from "./interrupted.ts";
import { hostingTermsOf, hostingWanted, termsInstead } from "./placement.ts";
import { resume } from "./resume.ts";
import { requestWith, sessionSettingsOf } from "./session-request.ts";
import type { StarterParts } from "./starter-parts.ts";
import { waitForRuntime } from "./wait-for-runtime.ts";

/** Takes a task from the gate to its comment. */
export interface Starter {
  advance(task: Task): Promise<Next>;
}

/** The starter over its parts. */
export function createStarter(parts: StarterParts): Starter {
  return {
    advance(task) {
      switch (nextStep(task)) {
        case "nothing":
          return Promise.resolve("done");
        case "report":
          return report(parts, task);
        case "interrupted":
          return interrupted(parts, task);
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

/** What the receipt has handed over, or what the gate decides now. */
function admissionOf({ gate, handover }: StarterParts, task: Task): Promise<Admission> {
  const admitted = handover.take(task);
  return admitted === null ? gate.admit(task) : Promise.resolve({ type: "admitted", admitted });
}

/** A task that waited for its requester is decided again before: the policy may say something else now. */
async function decideAgain({ gate }: StarterParts, task: Task): Promise<Admission | null> {
  return task.schedule.connectBy === null ? null : gate.admit(task);
}

async function start(parts: StarterParts, task: Task): Promise<Next> {
  const { ports, outcomes, writer, reporter, handover } = parts;
  const again = await decideAgain(parts, task);
  if (again?.type === "halted") return again.next;
  const identified = await identify(parts, again?.admitted.task ?? task);
  if (identified.type === "halted") return identified.next;
  const found = again?.admitted ?? handover.look(task);
  const isForCloud = found === null || hostingTermsOf(found) === null;
  const waiting = isForCloud
    ? await waitForRuntime(parts, identified.task, identified.token)
    : null;
  if (waiting !== null) return waiting;
  const admission =
    again === null
      ? await admissionOf(parts, identified.task)
      : { ...again, admitted: { ...again.admitted, task: identified.task } };
  if (admission.type === "halted") return admission.next;
  const { identity: chosen } = admission.admitted.task.decision;
  // The policy has changed since: it's begun anew with what was chosen now.
  if (chosen !== identified.task.decision.identity) return { afterMs: 0 };
  const hosting = hostingTermsOf(admission.admitted);
  const written = await writer.write(admission.admitted, hosting);
  if (written.type === "halted") return written.next;
  const granted = await outcomes.granted(admission.admitted.task);
  const admitted = { ...admission.admitted, task: granted };
  const terms = {
    ...termsOf(admitted, ports.digest(written.text), written),
    backend: ports.copilot.backend,
    hosting: hosting === null ? null : hostingWanted(ports, hosting, "policy"),
    qrSecret: admitted.policy.qr ? ports.nonce() : null,
  };
  const requested = sessionRequested(admitted.task, ports.now().toISOString(), terms);
  const stop = await ports.sessionCommands.stopOf(task.id);
  if (stop !== null) return outcomes.stopped(admitted.task, stop);
  const begin = await ports.tasks.begin(admitted.task, requested, allowanceOf(admitted.policy));
  if (begin.type === "lost") throw lostClaimOf(task);
  if (begin.type === "refused") return refuse(parts, admitted, begin.denial);
  if (begin.type === "full") return waitForPlace(parts, begin.task);
  if (task.schedule.waitingSince !== null) await startNext(parts, admitted);
  ports.log.info({ taskId: task.id }, "session requested");
  const begun = await reporter.mark(begin.task);
  // The requester may have disconnected while GitHub was asked.
  const identity = await ports.identities.identityFor(begun);
  if (identity.type !== "identity") return startAnew(parts, begun);
  return openSession(parts, { admitted, task: begun, identity, prompt: written.text });
}

/** A limit is used up. */
function refuse(
  { gate, outcomes }: StarterParts,
  admitted: Admitted,
  denial: Denial,
): Promise<Next> {
  const { task, survey, policy, sources } = admitted;
  const found = { facts: { survey }, reading: { type: "policy", policy, sources } } as const;
  return outcomes.denied(
    task,
    denial,
    true,
    gate.changePlaces(task, found, denyingSetting(denial)),
  );
}

interface Beginning {
  readonly admitted: Admitted;
  /** As it was written: a session is asked for. */
  readonly task: Task;
  readonly identity: Extract<Identity, { readonly type: "identity" }>;
  readonly prompt: string;
}

/** Opens the session that was asked for, wherever it's to run. */
async function openSession(parts: StarterParts, beginning: Beginning): Promise<Next> {
  const { ports } = parts;
  const { admitted, task, identity, prompt } = beginning;
  const { policy } = admitted;
  const { sessionHost: host } = ports;
  if (task.session.hosting !== null && host !== null)
    return openHosted(parts, task, { host, policy, identity, prompt });
  const request = { ...requestWith(task, identity), ...sessionSettingsOf(policy, task) };
  const open = async () => explained(ports, request, await ports.copilot.open(request));
  const { task: updated, opening } = await openingOf(parts, task, open());
  const terms = termsInstead(admitted, opening);
  if (terms === null || host === null)
    return afterOpening(parts, updated, opening, { request, prompt });
  return openInstead(parts, { ...beginning, task: updated }, host, terms);
}

/** The cloud has blocked the session, and the policy names a way out: an own machine, with a prompt for that. */
async function openInstead(
  parts: StarterParts,
  { admitted, task, identity }: Beginning,
  host: SessionHost,
  terms: HostingTerms,
): Promise<Next> {
  const { ports, writer } = parts;
  ports.log.info({ taskId: task.id }, "cloud session blocked: an own machine is asked for one");
  const written = await writer.write({ ...admitted, task }, terms);
  if (written.type === "halted") return written.next;
  const wanted = hostingWanted(ports, terms, "cloud_blocked");
  const hosted = await record(ports.tasks, task, hostedOn(task, wanted));
  const { policy } = admitted;
  return openHosted(parts, hosted, { host, policy, identity, prompt: written.text });
}

/** Nothing has been created: the task begins again, and waits for its requester if it has to. */
async function startAnew({ ports }: StarterParts, task: Task): Promise<Next> {
  ports.log.info({ taskId: task.id }, "requester disconnected before the session was created");
  await record(ports.tasks, task, notRequested(task));
  return { afterMs: 0 };
}

/** Says that the task waits. When a session of the repository ends, the task is processed again. */
async function waitForPlace(parts: StarterParts, task: Task): Promise<Next> {
  const { ports, outcomes, reporter } = parts;
  ports.log.info({ taskId: task.id, atOnce: task.schedule.atOnce }, "waiting for a free slot");
  const updated = await reporter.update(task);
  const stop = await ports.sessionCommands.stopOf(task.id);
  if (stop !== null) return outcomes.stopped(updated, stop);
  const afterMs = reporter.tryAgainMs(updated);
  return afterMs === Infinity ? "done" : { afterMs };
}

/** The policy may leave more room than it did when the tasks began to wait. */
function startNext({ line }: StarterParts, { task, policy }: Admitted): Promise<void> {
  const { ownerId, repositoryId } = task.place;
  return line.startNext({ ownerId, repositoryId, atOnce: policy.limits.atOnce });
}

/** Where the policy wants a check run: on the head of the pull request. */
function checkCommitOf({ survey, policy }: Admitted): string | null {
  return policy.checkRun ? (survey.subject.pull?.head.commit ?? null) : null;
}

/** What the policy says now, and the prompt. */
function termsOf(
  admitted: Admitted,
  digest: string,
  { leftOut }: Prompt,
): Omit<SessionTerms, "backend" | "hosting" | "qrSecret"> {
  const { policy, survey } = admitted;
  const { running, failed, removeTrigger } = policy.labelsAfter;
  return {
    digest,
    leftOut,
    labels: { running, failed },
    removesTrigger: removeTrigger,
    onClose: policy.onClose,
    permissionsPolicy: policy.permissionsPolicy,
    notify: NOTICE_TYPES.filter((type) => policy.notify[type]),
    defaultBranch: survey.defaultBranch?.branch ?? null,
    checkCommit: checkCommitOf(admitted),
  };
}
