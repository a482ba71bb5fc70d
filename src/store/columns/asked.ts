import type { Misplacement } from "../../core/command/misplaced.ts";
import type { Role } from "../../core/github/role.ts";
import type {
  CommandPlace,
  SubjectType,
  Task,
  TaskPlace,
  TaskTrigger,
} from "../../core/task/task.ts";
import { addedInstructions, commandOf, misplacementOf } from "../../core/task/task.ts";

/** What was asked, by whom, and where. */
type AskedPart = Pick<Task, "trigger" | "requester" | "place" | "subject">;

/** What a webhook says: a new row begins with it. */
interface WebhookColumns {
  readonly deliveryId: string;
  readonly eventKey: string;
  readonly triggeredAt: string;
  /** Null for a command. */
  readonly triggerLabel: string | null;
  /** These are null for a label. A command from a page has no comment, and neither has one of an erased person. */
  readonly command: string | null;
  readonly commandPlace: CommandPlace | null;
  readonly commandCommentId: number | null;
  readonly misplaced: Misplacement | null;
  readonly instructions: string;
  readonly viaApp: string | null;
  readonly requester: string;
  readonly requesterId: number;
  readonly installationId: number | null;
  readonly repositoryId: number;
  readonly ownerId: number;
  readonly owner: string;
  readonly ownerType: TaskPlace["ownerType"];
  readonly repository: string;
  readonly subjectType: SubjectType;
  readonly subjectNumber: number;
}

/** The columns of what was asked. */
export interface AskedColumns extends WebhookColumns {
  readonly requesterRole: Role | null;
  readonly movedFrom: string | null;
}

export function webhookColumns(asked: AskedPart): WebhookColumns {
  const { trigger, requester, place, subject } = asked;
  const { deliveryId, eventKey, at: triggeredAt } = trigger;
  const { installationId, repositoryId, ownerId, owner, ownerType, repository } = place;
  const isCommand = trigger.type === "command";
  return {
    deliveryId,
    eventKey,
    triggeredAt,
    triggerLabel: isCommand ? null : trigger.name,
    command: commandOf(asked),
    commandPlace: isCommand ? trigger.place : null,
    commandCommentId: isCommand && trigger.place !== "page" ? trigger.commentId : null,
    misplaced: misplacementOf(asked),
    instructions: addedInstructions(asked),
    viaApp: isCommand ? trigger.viaApp : null,
    requester: requester.login,
    requesterId: requester.id,
    installationId,
    repositoryId,
    ownerId,
    owner,
    ownerType,
    repository,
    subjectType: subject.type,
    subjectNumber: subject.number,
  };
}

export function askedColumns(asked: AskedPart): AskedColumns {
  return {
    ...webhookColumns(asked),
    requesterRole: asked.requester.role,
    movedFrom: asked.place.movedFrom,
  };
}

export function askedOf(row: AskedColumns): AskedPart {
  const { installationId, repositoryId, ownerId, owner, ownerType, repository, movedFrom } = row;
  return {
    trigger: triggerOf(row),
    requester: { login: row.requester, id: row.requesterId, role: row.requesterRole },
    place: { installationId, repositoryId, ownerId, owner, ownerType, repository, movedFrom },
    subject: { type: row.subjectType, number: row.subjectNumber },
  };
}

function triggerOf(row: AskedColumns): TaskTrigger {
  const { deliveryId, eventKey, triggeredAt: at } = row;
  if (row.triggerLabel !== null) {
    return { type: "label", name: row.triggerLabel, deliveryId, eventKey, at };
  }
  const { misplaced, viaApp, instructions, commandPlace: place } = row;
  const name = row.command ?? "";
  const event = { deliveryId, eventKey, at };
  const given = { type: "command", name, misplaced, viaApp, instructions, ...event } as const;
  if (place === "page") return { ...given, place };
  return { ...given, place: place ?? "issue_comment", commentId: row.commandCommentId ?? 0 };
}
