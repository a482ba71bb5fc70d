import { z } from "zod";
import type { CommandPlace, SubjectType } from "./task.ts";

/** A webhook as it arrived: verified, parsed, not yet understood. */
export interface WebhookEvent {
  /** `X-GitHub-Event`, e.g. `issues`. */
  readonly name: string;
  /** `X-GitHub-Delivery`. */
  readonly deliveryId: string;
  readonly payload: unknown;
}

/** What the bot reads of a webhook: somebody set a label or wrote a comment on a subject. */
export interface Happening {
  readonly repositoryId: number;
  readonly ownerId: number;
  readonly owner: string;
  readonly repository: string;
  readonly installationId: number | null;
  readonly sender: { readonly id: number; readonly login: string; readonly type: string };
  readonly subjectType: SubjectType;
  readonly subjectNumber: number;
  readonly subjectUpdatedAt: string;
  readonly what:
    | { readonly type: "label"; readonly name: string }
    | {
        readonly type: "comment";
        readonly place: CommandPlace;
        readonly id: number;
        readonly body: string;
        /** The App through which a user wrote the comment, if any. */
        readonly viaAppId: number | null;
      };
}

// Names are checked because they go into request paths, log fields and Markdown. The patterns are
// GitHub's own rules for logins (with the `[bot]` of Apps) and repository names.
export const login = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]*(?:\[bot\])?$/u);
export const repositoryName = z.string().regex(/^[A-Za-z0-9._-]+$/u);
export const id = z.int().positive();

const withAction = z.object({ action: z.string() });

/** The `event.action` of a webhook; the event alone where there is no action. */
export function fullNameOf({ name, payload }: WebhookEvent): string {
  const { data } = withAction.safeParse(payload);
  return data === undefined ? name : `${name}.${data.action}`;
}

const source = {
  repository: z.object({ id, name: repositoryName, owner: z.object({ id, login }) }),
  sender: z.object({ id, login, type: z.string() }),
  installation: z.object({ id }).nullish(),
};
/** A time as GitHub writes it, kept as it is. */
export const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)));
const pullRequest = z.object({ number: id, updated_at: time });
// A pull request is an issue too; the `pull_request` key tells.
const issue = pullRequest.extend({ pull_request: z.object({}).nullish() });
const label = z.object({ name: z.string().max(200) }).nullish();
const comment = z.object({
  id,
  body: z.string().nullish(),
  performed_via_github_app: z.object({ id }).nullish(),
});

/** A reader for each `event.action` that can ask for something. */
const READERS: ReadonlyMap<string, z.ZodType<Happening>> = new Map<string, z.ZodType<Happening>>([
  [
    "issues.labeled",
    z.object({ ...source, issue, label }).transform((payload) => ({
      ...from(payload),
      ...aboutIssue(payload.issue),
      what: { type: "label" as const, name: payload.label?.name ?? "" },
    })),
  ],
  [
    "pull_request.labeled",
    z.object({ ...source, pull_request: pullRequest, label }).transform((payload) => ({
      ...from(payload),
      ...about("pull_request", payload.pull_request),
      what: { type: "label" as const, name: payload.label?.name ?? "" },
    })),
  ],
  [
    "issue_comment.created",
    z.object({ ...source, issue, comment }).transform((payload) => ({
      ...from(payload),
      ...aboutIssue(payload.issue),
      what: written("issue_comment", payload.comment),
    })),
  ],
  [
    "pull_request_review.submitted",
    z.object({ ...source, pull_request: pullRequest, review: comment }).transform((payload) => ({
      ...from(payload),
      ...about("pull_request", payload.pull_request),
      what: written("review", payload.review),
    })),
  ],
  [
    "pull_request_review_comment.created",
    z.object({ ...source, pull_request: pullRequest, comment }).transform((payload) => ({
      ...from(payload),
      ...about("pull_request", payload.pull_request),
      what: written("review_comment", payload.comment),
    })),
  ],
]);

/** Each `event.action` that can ask for something. */
export const EVENT_NAMES: readonly string[] = [...READERS.keys()];

function from(payload: z.infer<z.ZodObject<typeof source>>) {
  return {
    repositoryId: payload.repository.id,
    ownerId: payload.repository.owner.id,
    owner: payload.repository.owner.login,
    repository: payload.repository.name,
    installationId: payload.installation?.id ?? null,
    sender: payload.sender,
  };
}

function about(subjectType: SubjectType, subject: z.infer<typeof pullRequest>) {
  return { subjectType, subjectNumber: subject.number, subjectUpdatedAt: subject.updated_at };
}

function aboutIssue(subject: z.infer<typeof issue>) {
  return about(subject.pull_request ? "pull_request" : "issue", subject);
}

function written(place: CommandPlace, text: z.infer<typeof comment>) {
  const viaAppId = text.performed_via_github_app?.id ?? null;
  return { type: "comment" as const, place, id: text.id, body: text.body ?? "", viaAppId };
}

/**
 * Reads a webhook: what happened, null when it is of a kind that the bot has no use for, or the paths
 * of the fields that are not as GitHub sends them (never their values: those belong to strangers).
 */
export function readEvent(event: WebhookEvent): Happening | null | { readonly wrong: string } {
  const result = READERS.get(fullNameOf(event))?.safeParse(event.payload);
  if (result === undefined) return null;
  if (result.success) return result.data;
  return { wrong: result.error.issues.map((problem) => problem.path.join(".")).join(", ") };
}
