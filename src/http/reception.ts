import type { Closing } from "../core/closing.ts";
import { readClosing } from "../core/closing.ts";
import { mayHoldCommand } from "../core/command.ts";
import type { WebhookEvent } from "../core/event.ts";
import type { LifeChange } from "../core/life.ts";
import { readLifeEvent } from "../core/life.ts";
import type { Ignored, Reading, Trigger } from "../core/trigger.ts";
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
  let reading: Reading | null = null;

  /** Holds the payload no longer than it takes to read it. */
  async function receive(event: WebhookEvent): Promise<Answer> {
    const delivery = { deliveryId: event.deliveryId, event: event.name };
    if (reading !== null) return answer(delivery, meaningOf(event, reading));
    const { meaning, isPassedOver } = readInPart(event, appId);
    if (!isPassedOver) return answer(delivery, meaning);
    // The parser of Markdown is a quarter of what a bot would load before it listens.
    const { parseCommand } = await import("../core/parse-command.ts");
    reading = { appId, parseCommand };
    return answer(delivery, meaningOf(event, reading));
  }

  async function answer(delivery: Delivery, meaning: Meaning): Promise<Answer> {
    switch (meaning.type) {
      case "trigger":
        return durably(delivery, () => queue(delivery, meaning.trigger));
      case "life":
        return durably(delivery, () => apply(delivery, meaning.change));
      case "closing":
        return durably(delivery, () => close(delivery, meaning.closing));
      case "malformed":
        return malformed(options, delivery, meaning.detail);
      case "ignored":
        return ignored(options, delivery, meaning.reason);
      default:
        return meaning satisfies never;
    }
  }

  /** What cannot be stored shows as failed at GitHub, from where it is delivered again: nothing is lost. */
  async function durably(delivery: Delivery, store: () => Promise<Answer>): Promise<Answer> {
    try {
      return await store();
    } catch (error) {
      log.error({ ...delivery, err: error }, "webhook not stored");
      return refusal(503, "The bot cannot store this event now. Deliver it again later.");
    }
  }

  async function queue(delivery: Delivery, trigger: Trigger): Promise<Answer> {
    const taskId = (await options.insert(trigger))?.id;
    const fields = { ...delivery, taskId };
    log.info(fields, taskId === undefined ? "webhook repeated" : "task queued");
    if (taskId === undefined) return { status: 202, body: { result: "duplicate" } };
    options.look(taskId);
    return { status: 202, body: { result: "queued", taskId } };
  }

  async function apply(delivery: Delivery, change: LifeChange): Promise<Answer> {
    const { cancelled } = await options.applyLifeChange(change);
    const fields = { ...delivery, change: change.type, cancelled };
    log.info({ ...fields, ...subjectOf(change) }, "life event applied");
    return { status: 202, body: { result: "applied", cancelled } };
  }

  async function close(delivery: Delivery, closing: Closing): Promise<Answer> {
    const { cancelled, told } = await options.applyClosing(closing);
    const fields = { ...delivery, change: closing.type, cancelled, told: told.length };
    log.info(fields, "closing applied");
    for (const taskId of told) options.nudge(taskId);
    return { status: 202, body: { result: "applied", cancelled } };
  }

  return receive;
}

/** Which delivery a line of the log is about. */
interface Delivery {
  readonly deliveryId: string;
  readonly event: string;
}

/** What a webhook means, where no command is in it, and whether there may be one. */
function readInPart(event: WebhookEvent, appId: number) {
  let isPassedOver = false;
  const parseCommand = (markdown: string) => {
    isPassedOver ||= mayHoldCommand(markdown);
    return null;
  };
  const meaning = meaningOf(event, { appId, parseCommand });
  return { meaning, isPassedOver };
}

function malformed({ log }: ReceptionOptions, delivery: Delivery, detail: string): Answer {
  log.warn({ ...delivery, reason: "malformed", detail }, "webhook malformed");
  return refusal(400, `These fields are not as GitHub sends them: ${detail}.`);
}

function ignored({ log }: ReceptionOptions, delivery: Delivery, reason: string): Answer {
  log.info({ ...delivery, reason }, "webhook ignored");
  return { status: 202, body: { result: "ignored", reason } };
}

type Meaning =
  | { readonly type: "trigger"; readonly trigger: Trigger }
  | { readonly type: "life"; readonly change: LifeChange }
  | { readonly type: "closing"; readonly closing: Closing }
  | { readonly type: "malformed"; readonly detail: string }
  | { readonly type: "ignored"; readonly reason: Ignored["reason"] };

function meaningOf(event: WebhookEvent, reading: Reading): Meaning {
  const trigger = deriveTrigger(event, reading);
  if (trigger.type === "trigger") return { type: "trigger", trigger };
  const { reason, detail = "" } = trigger;
  if (reason === "malformed") return { type: "malformed", detail };
  const news = reason === "other_event" ? (readLifeEvent(event) ?? readClosing(event)) : null;
  if (news === null) return { type: "ignored", reason };
  if ("wrong" in news) return { type: "malformed", detail: news.wrong };
  return "by" in news ? { type: "closing", closing: news } : { type: "life", change: news };
}

/** What a change is about, by its ids. */
function subjectOf(change: LifeChange) {
  return {
    ...("installationId" in change ? { installationId: change.installationId } : {}),
    ...("repositoryId" in change ? { repositoryId: change.repositoryId } : {}),
  };
}
