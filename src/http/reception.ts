import type { WebhookResult } from "../core/metrics/measured.ts";
import type { AuthorizationRevoked } from "../core/webhook/authorization-event.ts";
import type { InstallationEvent } from "../core/webhook/installation-event.ts";
import type { Webhook } from "../core/webhook/read-webhook.ts";
import type { PolicyMerge } from "../core/webhook/policy-merge.ts";
import { readPolicyMerge } from "../core/webhook/policy-merge.ts";
import type { PullRequestPush } from "../core/webhook/pull-request-push.ts";
import { readPullRequestPush } from "../core/webhook/pull-request-push.ts";
import { isAboutComment, readWebhook } from "../core/webhook/read-webhook.ts";
import type { Ignored, Reading, WebhookEvent } from "../core/webhook/reader.ts";
import type { SubjectEvent } from "../core/webhook/subject-event.ts";
import type { Trigger } from "../core/webhook/trigger.ts";
import type { Installations, Subjects } from "../ports/events.ts";
import type { Log } from "../ports/log.ts";
import type { Labelings } from "../ports/labelings.ts";
import type { PolicyChecks } from "../ports/policy-checks.ts";
import type { TaskStore } from "../ports/tasks.ts";
import type { Answer } from "./answer.ts";
import { refusal } from "./answer.ts";

/** An answer to a webhook, and what it's counted as. */
export interface WebhookAnswer extends Answer {
  readonly result: WebhookResult;
}

/** What a webhook is received with. */
export interface ReceptionOptions {
  readonly appId: number;
  /** The App's slug; null where it isn't known yet. */
  readonly slug: () => string | null;
  /** Webhooks from before then start nothing; in milliseconds since the epoch. */
  readonly notBefore: () => number;
  readonly tasks: Pick<TaskStore, "insert">;
  readonly installations: Pick<Installations, "applyInstallationEvent">;
  readonly subjects: Subjects;
  readonly policyChecks: Pick<PolicyChecks, "insert">;
  readonly labelings: Pick<Labelings, "requestAfterMerge">;
  /**
   * Deletes the tokens of a person who is said to have revoked the App, unless GitHub says that they're good; false when
   * nothing was deleted.
   */
  readonly disconnect: (userId: number) => Promise<boolean>;
  /** There is news for the session of a task. */
  readonly nudge: (taskId: string) => void;
  /** A task that was written before is to be processed again. */
  readonly processAgain: (taskId: string) => void;
  /** Has the task processed, after the answer. */
  readonly process: (taskId: string, origin: { ownerId: number; requesterId: number }) => void;
  readonly log: Log;
}

/** Receives webhooks that are verified: what one asks for is durable before it is answered. */
export function createReception(options: ReceptionOptions) {
  const { log } = options;
  let parser: Pick<Reading, "parseCommand"> | null = null;

  /** Holds the payload no longer than it takes to read it. */
  async function receive(event: WebhookEvent): Promise<WebhookAnswer> {
    // The parser of Markdown is a quarter of what a bot would load before it listens.
    if (parser === null && isAboutComment(event)) {
      parser = await import("../core/command/parse.ts");
    }
    const { parseCommand = () => null } = parser ?? {};
    const delivery = { deliveryId: event.deliveryId, event: event.name };
    const webhook = readWebhook(event, readingOf(options, parseCommand));
    const [push, merge] = [readPullRequestPush(event), readPolicyMerge(event)];
    if (isMalformed(webhook) || (push ?? merge) === null) return answer(delivery, webhook);
    const kept = await durably(options, delivery, () => keep(options, delivery, { push, merge }));
    // A pull request that was opened or closed may be news for a session, too.
    return kept.status === 202 && webhook.type !== "ignored" ? answer(delivery, webhook) : kept;
  }

  async function answer(delivery: Delivery, webhook: Webhook): Promise<WebhookAnswer> {
    switch (webhook.type) {
      case "trigger":
        return durably(options, delivery, () => queue(delivery, webhook));
      case "installation_event":
        return durably(options, delivery, () => applyInstallationEvent(options, delivery, webhook));
      case "subject_event":
        return durably(options, delivery, () => applySubjectEvent(delivery, webhook));
      case "authorization_revoked":
        return durably(options, delivery, () => disconnect(options, delivery, webhook));
      case "undecided":
        return postpone(options, delivery);
      case "ignored":
        return ignore(options, delivery, webhook);
      default:
        return webhook satisfies never;
    }
  }

  async function queue(delivery: Delivery, trigger: Trigger): Promise<WebhookAnswer> {
    const taskId = (await options.tasks.insert(trigger))?.id;
    log.info({ ...delivery, taskId }, taskId === undefined ? "webhook repeated" : "task queued");
    if (taskId === undefined) return accepted("duplicate");
    const { place, requester } = trigger;
    options.process(taskId, { ownerId: place.ownerId, requesterId: requester.id });
    return accepted("queued", { taskId });
  }

  async function applySubjectEvent(
    delivery: Delivery,
    event: SubjectEvent,
  ): Promise<WebhookAnswer> {
    const { canceled, steered, unanswered } = await options.subjects.applySubjectEvent(event);
    const counts = { canceled, steered: steered.length };
    log.info({ ...delivery, change: event.change.type, ...counts }, "subject event applied");
    for (const taskId of steered) options.nudge(taskId);
    for (const taskId of unanswered) options.processAgain(taskId);
    return accepted("applied", { canceled });
  }

  return receive;
}

function readingOf(
  { appId, slug, notBefore }: ReceptionOptions,
  parseCommand: Reading["parseCommand"],
): Reading {
  return { appId, slug: slug(), parseCommand, notBefore: notBefore() };
}

/** Which delivery a line of the log is about. */
interface Delivery {
  readonly deliveryId: string;
  readonly event: string;
}

function accepted(result: WebhookResult, more: object = {}): WebhookAnswer {
  return { status: 202, body: { result, ...more }, result };
}

/** What cannot be stored shows as failed at GitHub, from where it is delivered again: nothing is lost. */
async function durably(
  { log }: ReceptionOptions,
  delivery: Delivery,
  store: () => Promise<WebhookAnswer>,
): Promise<WebhookAnswer> {
  try {
    return await store();
  } catch (err) {
    log.error({ ...delivery, err }, "webhook not stored");
    const answer = refusal(503, "The bot can't store this event now. Redeliver it later.");
    return { ...answer, result: "not_stored" };
  }
}

async function applyInstallationEvent(
  { installations, log }: ReceptionOptions,
  delivery: Delivery,
  event: InstallationEvent,
): Promise<WebhookAnswer> {
  const { canceled } = await installations.applyInstallationEvent(event);
  const { change } = event;
  const fields = { ...delivery, change: change.type, canceled, ...idsIn(change) };
  log.info(fields, "installation event applied");
  return accepted("applied", { canceled });
}

function isMalformed(webhook: Webhook): boolean {
  return webhook.type === "ignored" && webhook.reason === "malformed";
}

/** What a pull request may mean for the policy. */
interface PolicyNews {
  readonly push: PullRequestPush | null;
  readonly merge: PolicyMerge | null;
}

/** For the check of the policy file, if the pull request changes it: only GitHub knows. Once it's merged, the bot does. */
async function keep(
  { log, policyChecks, labelings }: ReceptionOptions,
  delivery: Delivery,
  { push, merge }: PolicyNews,
): Promise<WebhookAnswer> {
  if (push !== null) {
    await policyChecks.insert(push);
    const { repositoryId, pullNumber, commit } = push;
    log.info({ ...delivery, repositoryId, pullNumber, commit }, "push to a pull request kept");
  }
  if (merge !== null && (await labelings.requestAfterMerge(merge))) {
    log.info({ ...delivery, repositoryId: merge.repositoryId }, "change of the policy kept");
  }
  return accepted("applied");
}

async function disconnect(
  { log, disconnect: remove }: ReceptionOptions,
  delivery: Delivery,
  { userId }: AuthorizationRevoked,
): Promise<WebhookAnswer> {
  const wasConnected = await remove(userId);
  log.info({ ...delivery, userId, wasConnected }, "authorization revoked");
  return accepted("applied");
}

/**
 * Whether it's a command isn't known before GitHub has said the App's name, a moment after the start. The delivery shows
 * as failed until the bot asks GitHub for it again.
 */
function postpone({ log }: ReceptionOptions, delivery: Delivery): WebhookAnswer {
  log.info(delivery, "webhook postponed: the App's name isn't known yet");
  const answer = refusal(503, "The bot doesn't know its own name yet. Redeliver this event later.");
  return { ...answer, result: "postponed" };
}

function ignore({ log }: ReceptionOptions, delivery: Delivery, webhook: Ignored): WebhookAnswer {
  const { reason } = webhook;
  if (reason === "malformed") {
    const { invalidFields } = webhook;
    log.warn({ ...delivery, reason, invalidFields }, "webhook malformed");
    const answer = refusal(400, `Unexpected values in these fields: ${invalidFields}.`);
    return { ...answer, result: "malformed" };
  }
  log.info({ ...delivery, reason }, "webhook ignored");
  return accepted("ignored", { reason });
}

/** What a change is about, by its ids. */
function idsIn(change: InstallationEvent["change"]) {
  switch (change.type) {
    case "installation_created":
    case "installation_deleted":
    case "installation_suspended":
    case "installation_unsuspended":
    case "installation_permitted":
    case "repositories_added":
    case "repositories_removed":
      return { installationId: change.installationId };
    case "repository_renamed":
    case "repository_transferred":
      return { installationId: change.installationId, repositoryId: change.repositoryId };
    case "repository_deleted":
    case "subject_transferred":
      return { repositoryId: change.repositoryId };
    default:
      return change satisfies never;
  }
}
