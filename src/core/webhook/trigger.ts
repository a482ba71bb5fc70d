import { z } from "zod";
import { newestTimeIn } from "./event-age.ts";
import {
  id,
  installation,
  changedLabel,
  login,
  ownerType,
  repositoryName,
  timeText,
} from "./fields.ts";
import type { Ignored, Reading, Undecided, WebhookEvent, WebhookReader } from "./reader.ts";
import { ignored, readerOf } from "./reader.ts";
import { ANY_MENTION, mentionOf } from "../command/mention.ts";
import type { Command } from "../command/table.ts";
import type { NewTaskInput } from "../task/new-task.ts";
import { labelKey } from "../task/label-hold.ts";
import type { CommentPlace, CommentTrigger, LabelTrigger, TaskSubject } from "../task/task.ts";

/**
 * Labels that begin so may start tasks: which of them do, the policy says when the task runs. All
 * others cost nothing but a look at their name.
 */
const LABEL_PREFIX = "copilot:";

/** What a person did that asks for a task. */
export interface Trigger extends NewTaskInput {
  readonly type: "trigger";
}

const source = {
  repository: z.object({
    id,
    name: repositoryName,
    owner: z.object({ id, login, type: ownerType }),
  }),
  // Null where the account is gone.
  sender: z.object({ id, login, type: z.string() }).nullable(),
  installation,
};
const pullRequest = z.object({ number: id, updated_at: timeText });
// A pull request is an issue too; the `pull_request` key shows which it is.
const issue = pullRequest.extend({ pull_request: z.object({}).nullish() });
const comment = z.object({
  id,
  body: z.string().nullish(),
  // The App through which a user wrote the comment.
  performed_via_github_app: z
    .object({ id, slug: z.string().max(200).nullish().catch(null) })
    .nullish(),
});

type Source = z.infer<z.ZodObject<typeof source>>;
type Comment = z.infer<typeof comment>;

/** The issue or pull request that a label was set or a comment was written on. */
interface Subject extends TaskSubject {
  readonly updated_at: string;
}

export const issueLabeled: WebhookReader<Trigger> = readerOf(
  { ...source, issue, label: changedLabel },
  (payload, event, reading) =>
    labeled({ payload, subject: ofIssue(payload.issue) }, event, reading),
);

export const pullRequestLabeled: WebhookReader<Trigger> = readerOf(
  { ...source, pull_request: pullRequest, label: changedLabel },
  (payload, event, reading) =>
    labeled({ payload, subject: ofPullRequest(payload.pull_request) }, event, reading),
);

export const issueCommented: WebhookReader<Trigger | Undecided> = readerOf(
  { ...source, issue, comment },
  (payload, event, reading) => {
    const written = { payload, subject: ofIssue(payload.issue), comment: payload.comment };
    return commented("issue_comment", written, event, reading);
  },
);

export const reviewSubmitted: WebhookReader<Trigger | Undecided> = readerOf(
  { ...source, pull_request: pullRequest, review: comment },
  (payload, event, reading) => {
    const subject = ofPullRequest(payload.pull_request);
    return commented("review", { payload, subject, comment: payload.review }, event, reading);
  },
);

export const lineCommented: WebhookReader<Trigger | Undecided> = readerOf(
  { ...source, pull_request: pullRequest, comment },
  (payload, event, reading) => {
    const subject = ofPullRequest(payload.pull_request);
    const written = { payload, subject, comment: payload.comment };
    return commented("review_comment", written, event, reading);
  },
);

function ofIssue({ number, updated_at, ...subject }: z.infer<typeof issue>): Subject {
  return { type: subject.pull_request ? "pull_request" : "issue", number, updated_at };
}

function ofPullRequest({ number, updated_at }: z.infer<typeof pullRequest>): Subject {
  return { type: "pull_request", number, updated_at };
}

function labeled(
  happened: { payload: Source & { label?: z.infer<typeof changedLabel> }; subject: Subject },
  event: WebhookEvent,
  reading: Reading,
): Trigger | Ignored {
  const { payload, subject } = happened;
  const name = payload.label?.name ?? "";
  // To GitHub, labels that differ only in case are the same.
  if (!name.toLowerCase().startsWith(LABEL_PREFIX)) return ignored("other_label");
  // A label has no id of its own; the subject's time of change distinguishes adding it once from adding it again.
  const eventKey = `${labelKey(payload.repository.id, subject.number, name)}:${subject.updated_at}`;
  return requested(happened, event, reading, { type: "label", name, eventKey });
}

function commented(
  place: CommentPlace,
  happened: { payload: Source; subject: Subject; comment: Comment },
  event: WebhookEvent,
  reading: Reading,
): Trigger | Undecided | Ignored {
  const { id: commentId, body, performed_via_github_app: app = null } = happened.comment;
  const found = commandIn(body ?? "", reading);
  if (found === null) return ignored("no_command");
  const isOwn = happened.payload.sender !== null && app?.id === reading.appId;
  if (isOwn) return ignored("bot");
  const { command, isUndecided } = found;
  const read = requested(happened, event, reading, {
    type: "command",
    name: command.name,
    place,
    commentId,
    misplaced: command.misplaced ?? null,
    // Empty where GitHub does not say the App's name.
    viaApp: app === null ? null : (app.slug ?? ""),
    instructions: command.instructions,
    eventKey: `${place}:${happened.payload.repository.id}:${commentId}`,
  });
  return isUndecided && read.type === "trigger" ? { type: "undecided" } : read;
}

interface FoundCommand {
  readonly command: Command;
  /** Whether it would be another one if the bot is mentioned. */
  readonly isUndecided: boolean;
}

/** The command in a comment, or what would be one if the bot is who is mentioned; null where there is neither. */
function commandIn(body: string, { parseCommand, slug }: Reading): FoundCommand | null {
  const command = parseCommand(body, slug === null ? null : mentionOf(slug));
  const perhaps = slug === null ? parseCommand(body, ANY_MENTION) : command;
  if (perhaps === null) return null;
  const isSame = perhaps.name === command?.name && perhaps.misplaced === command.misplaced;
  return { command: command ?? perhaps, isUndecided: !isSame };
}

/** What is asked for by a label or a command. The requester is the `sender`, never the author of the issue. */
function requested(
  { payload, subject }: { payload: Source; subject: Subject },
  { deliveryId, payload: whole }: WebhookEvent,
  { notBefore = -Infinity }: Reading,
  asked: (LabelTrigger | CommentTrigger) & { readonly eventKey: string },
): Trigger | Ignored {
  const { sender } = payload;
  // Whoever it was, nobody can be asked what they may do.
  if (sender === null) return ignored("nobody");
  if (sender.type === "Bot") return ignored("bot");
  if ((newestTimeIn(whole) ?? Infinity) < notBefore) return ignored("too_old");
  const at = new Date(subject.updated_at).toISOString();
  return {
    type: "trigger",
    trigger: { ...asked, deliveryId, at },
    requester: { login: sender.login, id: sender.id },
    place: placeOf(payload),
    subject: { type: subject.type, number: subject.number },
  };
}

function placeOf({ repository, installation: through }: Source): Trigger["place"] {
  return {
    installationId: through?.id ?? null,
    repositoryId: repository.id,
    ownerId: repository.owner.id,
    owner: repository.owner.login,
    ownerType: repository.owner.type,
    repository: repository.name,
  };
}
