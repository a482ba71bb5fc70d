import type { AuthorizationRevoked } from "./authorization-event.ts";
import { authorizationRevoked } from "./authorization-event.ts";
import type { InstallationEvent } from "./installation-event.ts";
import {
  installationReader,
  issueTransferred,
  moveReader,
  repositoriesAdded,
  repositoriesRemoved,
  repositoryCreated,
  repositoryDeleted,
} from "./installation-event.ts";
import { PUSH_EVENTS } from "./pull-request-push.ts";
import type { Ignored, Reading, Undecided, WebhookEvent, WebhookReader } from "./reader.ts";
import { ignored, fullNameOf } from "./reader.ts";
import type { SubjectEvent } from "./subject-event.ts";
import {
  issueClosed,
  issueDeleted,
  issueUnlabeled,
  pullRequestClosed,
  pullRequestOpened,
  pullRequestUnlabeled,
  refDeleted,
} from "./subject-event.ts";
import type { Trigger } from "./trigger.ts";
import {
  issueCommented,
  issueLabeled,
  lineCommented,
  pullRequestLabeled,
  reviewSubmitted,
} from "./trigger.ts";

/** What a webhook means to the bot. */
export type Webhook =
  | Trigger
  | SubjectEvent
  | InstallationEvent
  | AuthorizationRevoked
  | Undecided
  | Ignored;

/** The events whose text may hold a command. */
const COMMENT_READERS: readonly (readonly [string, WebhookReader<Trigger | Undecided>])[] = [
  ["issue_comment.created", issueCommented],
  ["pull_request_review.submitted", reviewSubmitted],
  ["pull_request_review_comment.created", lineCommented],
];

/** A reader for each `event.action` that the bot follows; for `delete` there is no action. */
const READERS: ReadonlyMap<string, WebhookReader<Webhook>> = new Map<
  string,
  WebhookReader<Webhook>
>([
  ...COMMENT_READERS,
  ["issues.labeled", issueLabeled],
  ["pull_request.labeled", pullRequestLabeled],

  ["issues.closed", issueClosed],
  ["issues.deleted", issueDeleted],
  ["issues.unlabeled", issueUnlabeled],
  ["pull_request.closed", pullRequestClosed],
  ["pull_request.opened", pullRequestOpened],
  ["pull_request.unlabeled", pullRequestUnlabeled],
  ["delete", refDeleted],

  ["github_app_authorization.revoked", authorizationRevoked],
  ["installation.created", installationReader("installation_created")],
  ["installation.deleted", installationReader("installation_deleted")],
  ["installation.suspend", installationReader("installation_suspended")],
  ["installation.unsuspend", installationReader("installation_unsuspended")],
  ["installation.new_permissions_accepted", installationReader("installation_permitted")],
  ["installation_repositories.added", repositoriesAdded],
  ["installation_repositories.removed", repositoriesRemoved],
  ["repository.created", repositoryCreated],
  ["repository.deleted", repositoryDeleted],
  ["repository.renamed", moveReader("repository_renamed")],
  ["repository.transferred", moveReader("repository_transferred")],
  ["issues.transferred", issueTransferred],
]);

/** Each `event.action` that the bot reads, as the list of an App's deliveries names it. */
export const WEBHOOK_EVENTS: readonly string[] = [...new Set([...READERS.keys(), ...PUSH_EVENTS])];

const COMMENT_EVENTS: ReadonlySet<string> = new Set(COMMENT_READERS.map(([name]) => name));

/** Which event of those that the bot reads a webhook is about; `other` for all others. */
export function followedEvent(event: WebhookEvent): string {
  const name = fullNameOf(event);
  return WEBHOOK_EVENTS.includes(name) ? name : "other";
}

/** Whether a webhook is about a text that may hold a command: reading it takes the parser of commands. */
export function isAboutComment(event: WebhookEvent): boolean {
  return COMMENT_EVENTS.has(fullNameOf(event));
}

/** What a webhook means. Any payload gives one of the six: this never throws. */
export function readWebhook(event: WebhookEvent, reading: Reading): Webhook {
  const read = READERS.get(fullNameOf(event));
  return read === undefined ? ignored("other_event") : read(event, reading);
}
