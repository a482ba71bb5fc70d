import type { Closing } from "../core/closing.ts";
import { readClosing } from "../core/closing.ts";
import type { WebhookEvent } from "../core/event.ts";
import type { LifeChange } from "../core/life.ts";
import { readLifeEvent } from "../core/life.ts";
import type { Trigger } from "../core/trigger.ts";
import { deriveTrigger } from "../core/trigger.ts";
import type { Answer } from "./answer.ts";
import { refusal } from "./answer.ts";

/** What a webhook is received with. */
export interface ReceptionOptions {
  readonly appId: number;
  /** Writes the task; resolves when it is durable, to null for a duplicate. */
  readonly insert: (trigger: Trigger) => Promise<{ readonly id: string } | null>;
  /** Has tasks follow what became of an installation or a repository; resolves when it is durable. */
  readonly applyLifeChange: (change: LifeChange) => Promise<{ readonly cancelled: number }>;
  /** Has tasks follow what became of their subject; resolves when it is durable. */
  readonly applyClosing: (
    closing: Closing,
  ) => Promise<{ readonly cancelled: number; readonly told: readonly string[] }>;
  /** There is news for the session of a task. */
  readonly nudge: (taskId: string) => void;
  /** Has the task looked at, after the answer. */
  readonly look: (taskId: string) => void;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

/** Receives webhooks that are verified: what one asks for is durable before it is answered. */
export function createReception(options: ReceptionOptions) {
  const { appId, log } = options;

  async function receive(event: WebhookEvent): Promise<Answer> {
    const trigger = deriveTrigger(event, { appId });
    if (trigger.type === "trigger") return durably(event, () => queue(event, trigger));
    const { reason, detail = "" } = trigger;
    if (reason === "malformed") return malformed(event, detail);
    const news = reason === "other_event" ? (readLifeEvent(event) ?? readClosing(event)) : null;
    if (news === null) {
      log.info({ ...fieldsOf(event), reason }, "webhook ignored");
      return { status: 202, body: { result: "ignored", reason } };
    }
    if ("wrong" in news) return malformed(event, news.wrong);
    return durably(event, () => ("by" in news ? close(event, news) : apply(event, news)));
  }

  function malformed(event: WebhookEvent, detail: string): Answer {
    log.warn({ ...fieldsOf(event), reason: "malformed", detail }, "webhook malformed");
    return refusal(400, `These fields are not as GitHub sends them: ${detail}.`);
  }

  /** What cannot be stored shows as failed at GitHub, from where it is delivered again: nothing is lost. */
  async function durably(event: WebhookEvent, store: () => Promise<Answer>): Promise<Answer> {
    try {
      return await store();
    } catch (error) {
      log.error({ ...fieldsOf(event), err: error }, "webhook not stored");
      return refusal(503, "The bot cannot store this event now. Deliver it again later.");
    }
  }

  async function queue(event: WebhookEvent, trigger: Trigger): Promise<Answer> {
    const taskId = (await options.insert(trigger))?.id;
    const fields = { ...fieldsOf(event), taskId };
    log.info(fields, taskId === undefined ? "webhook repeated" : "task queued");
    if (taskId === undefined) return { status: 202, body: { result: "duplicate" } };
    options.look(taskId);
    return { status: 202, body: { result: "queued", taskId } };
  }

  async function apply(event: WebhookEvent, change: LifeChange): Promise<Answer> {
    const { cancelled } = await options.applyLifeChange(change);
    const fields = { ...fieldsOf(event), change: change.type, cancelled };
    log.info({ ...fields, ...subjectOf(change) }, "life event applied");
    return { status: 202, body: { result: "applied", cancelled } };
  }

  async function close(event: WebhookEvent, closing: Closing): Promise<Answer> {
    const { cancelled, told } = await options.applyClosing(closing);
    const fields = { ...fieldsOf(event), change: closing.type, cancelled, told: told.length };
    log.info(fields, "closing applied");
    for (const taskId of told) options.nudge(taskId);
    return { status: 202, body: { result: "applied", cancelled } };
  }

  return receive;
}

function fieldsOf({ deliveryId, name }: WebhookEvent) {
  return { deliveryId, event: name };
}

/** What a change is about, by its ids. */
function subjectOf(change: LifeChange) {
  return {
    ...("installationId" in change ? { installationId: change.installationId } : {}),
    ...("repositoryId" in change ? { repositoryId: change.repositoryId } : {}),
  };
}
