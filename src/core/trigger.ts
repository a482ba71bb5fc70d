import type { Command } from "./command.ts";
import type { Happening, WebhookEvent } from "./event.ts";
import { readEvent } from "./event.ts";
import type { Task } from "./task.ts";

/**
 * Labels that begin so may start tasks: which of them do, the policy says when the task runs. All
 * others cost nothing but a look at their name.
 */
const LABEL_PREFIX = "copilot:";

/** What a person did that asks for a task: the fields of a task that never change. */
export type Trigger = { readonly type: "trigger" } & Pick<
  Task,
  | "deliveryId"
  | "eventKey"
  | "subjectKey"
  | "triggeredAt"
  | "triggerLabel"
  | "command"
  | "commandPlace"
  | "commandCommentId"
  | "instructions"
  | "requester"
  | "requesterId"
  | "installationId"
  | "repositoryId"
  | "ownerId"
  | "owner"
  | "repository"
  | "subjectType"
  | "subjectNumber"
>;

/** Why a webhook asks for nothing. */
export interface Ignored {
  readonly type: "ignored";
  readonly reason: "other_event" | "other_label" | "no_command" | "bot" | "malformed";
  /** For `malformed`: which fields are wrong, without their values. */
  readonly detail?: string;
}

/** What webhooks are read with. */
export interface Reading {
  /** The App that the bot is, so that it does not answer itself. */
  readonly appId: number;
  /** The first command in a comment, or null. */
  readonly parseCommand: (markdown: string) => Command | null;
}

/**
 * What a webhook asks for. Any payload gives a Trigger or an Ignored: this never throws.
 *
 * The requester is the `sender`, never the author of the issue; bots ask for nothing.
 */
export function deriveTrigger(event: WebhookEvent, reading: Reading): Trigger | Ignored {
  const happening = readEvent(event);
  if (happening === null) return ignored("other_event");
  if ("wrong" in happening) {
    return { type: "ignored", reason: "malformed", detail: happening.wrong };
  }
  const asked =
    happening.what.type === "label" ? fromLabel(happening) : fromComment(happening, reading);
  if (asked.type === "ignored") return asked;
  const ownWords = happening.what.type === "comment" && happening.what.viaAppId === reading.appId;
  if (happening.sender.type === "Bot" || ownWords) return ignored("bot");
  return {
    ...asked,
    deliveryId: event.deliveryId,
    requester: happening.sender.login,
    requesterId: happening.sender.id,
    installationId: happening.installationId,
    repositoryId: happening.repositoryId,
    ownerId: happening.ownerId,
    owner: happening.owner,
    repository: happening.repository,
    subjectType: happening.subjectType,
    subjectNumber: happening.subjectNumber,
    triggeredAt: new Date(happening.subjectUpdatedAt).toISOString(),
  };
}

function ignored(reason: Ignored["reason"]): Ignored {
  return { type: "ignored", reason };
}

function fromLabel({ what, repositoryId, subjectNumber, subjectUpdatedAt }: Happening) {
  if (what.type !== "label") return ignored("other_label");
  // GitHub does not tell labels apart by their case.
  const name = what.name.toLowerCase();
  if (!name.startsWith(LABEL_PREFIX)) return ignored("other_label");
  const subjectKey = `label:${repositoryId}:${subjectNumber}:${name}`;
  return {
    type: "trigger",
    // A label has no id of its own; the subject's time of change tells one setting from the next.
    eventKey: `${subjectKey}:${subjectUpdatedAt}`,
    subjectKey,
    triggerLabel: what.name,
    command: null,
    commandPlace: null,
    commandCommentId: null,
    instructions: "",
  } as const;
}

function fromComment({ what, repositoryId }: Happening, { parseCommand }: Reading) {
  if (what.type !== "comment") return ignored("no_command");
  const command = parseCommand(what.body);
  if (command === null) return ignored("no_command");
  return {
    type: "trigger",
    eventKey: `${what.place}:${repositoryId}:${what.id}`,
    subjectKey: null,
    triggerLabel: null,
    command: command.name,
    commandPlace: what.place,
    commandCommentId: what.id,
    instructions: command.instructions,
  } as const;
}
