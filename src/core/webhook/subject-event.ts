import { z } from "zod";
import { id, changedLabel, login, timeText } from "./fields.ts";
import type { Ignored, WebhookEvent, WebhookReader } from "./reader.ts";
import { ignored, readerOf } from "./reader.ts";

/** What happened to the subject, the label or the branch of tasks. */
export interface SubjectEvent {
  readonly type: "subject_event";
  readonly deliveryId: string;
  readonly repositoryId: number;
  /** The login of who did it; `ghost` where the account is gone. */
  readonly by: string;
  readonly change: SubjectChange;
}

export type SubjectChange =
  | ({ readonly type: "subject_closed" | "subject_deleted" } & Changed)
  | ({ readonly type: "label_removed"; readonly label: string } & Changed)
  /** GitHub does not say when a branch was deleted. */
  | { readonly type: "branch_deleted"; readonly branch: string }
  /** Ends nothing: news about a branch that a session may work on. */
  | { readonly type: "pull_request_opened"; readonly branch: string; readonly url: string };

interface Changed {
  readonly subjectNumber: number;
  /** When the subject had last changed: ISO 8601 in UTC. */
  readonly at: string;
}

const source = {
  repository: z.object({ id }),
  // Null where the account is gone: GitHub shows it as `ghost`.
  sender: z
    .object({ login, type: z.string() })
    .nullable()
    .transform((sender) => sender ?? { login: "ghost", type: "User" }),
};
const subject = z
  .object({ number: id, updated_at: timeText })
  .transform(({ number: subjectNumber, updated_at }) => {
    return { subjectNumber, at: new Date(updated_at).toISOString() };
  });
const opened = z.object({
  html_url: z.url().max(500),
  head: z.object({ ref: z.string(), repo: z.object({ id }).nullish() }),
});

type Source = z.infer<z.ZodObject<typeof source>>;

export const issueClosed: WebhookReader<SubjectEvent> = readerOf(
  { ...source, issue: subject },
  (payload, event) => eventOf({ type: "subject_closed", ...payload.issue }, payload, event),
);

export const issueDeleted: WebhookReader<SubjectEvent> = readerOf(
  { ...source, issue: subject },
  (payload, event) => eventOf({ type: "subject_deleted", ...payload.issue }, payload, event),
);

export const pullRequestClosed: WebhookReader<SubjectEvent> = readerOf(
  { ...source, pull_request: subject },
  (payload, event) => eventOf({ type: "subject_closed", ...payload.pull_request }, payload, event),
);

export const issueUnlabeled: WebhookReader<SubjectEvent> = readerOf(
  { ...source, issue: subject, label: changedLabel },
  (payload, event) => eventOf(unlabeled(payload.issue, payload), payload, event),
);

export const pullRequestUnlabeled: WebhookReader<SubjectEvent> = readerOf(
  { ...source, pull_request: subject, label: changedLabel },
  (payload, event) => eventOf(unlabeled(payload.pull_request, payload), payload, event),
);

export const refDeleted: WebhookReader<SubjectEvent> = readerOf(
  { ...source, ref: z.string(), ref_type: z.string() },
  (payload, event) => {
    const { ref: branch, ref_type } = payload;
    const change = ref_type === "branch" ? ({ type: "branch_deleted", branch } as const) : null;
    return eventOf(change, payload, event);
  },
);

export const pullRequestOpened: WebhookReader<SubjectEvent> = readerOf(
  { ...source, pull_request: opened },
  (payload, event) => {
    const { head, html_url: url } = payload.pull_request;
    // A fork's branch of the same name is not the session's.
    const isOwn = head.repo?.id === payload.repository.id;
    const change = { type: "pull_request_opened", branch: head.ref, url } as const;
    return eventOf(isOwn ? change : null, payload, event);
  },
);

/** The event of a change; null is one that no task has to do with. */
function eventOf(
  change: SubjectChange | null,
  { repository, sender }: Source,
  { deliveryId }: WebhookEvent,
): SubjectEvent | Ignored {
  if (change === null) return ignored("other_event");
  const from = { deliveryId, repositoryId: repository.id, by: sender.login };
  return { type: "subject_event", ...from, change };
}

/** The bot removes labels itself when a task starts: that ends nothing. */
function unlabeled(
  changed: Changed,
  payload: Source & { readonly label?: z.infer<typeof changedLabel> },
): SubjectChange | null {
  const name = payload.label?.name;
  if (name === undefined || payload.sender.type === "Bot") return null;
  return { type: "label_removed", ...changed, label: name };
}
