import { z } from "zod";
import type { WebhookEvent } from "./event.ts";
import { fullNameOf, id, login, time } from "./event.ts";

/** What happened to the subject of tasks, so that they may be for nothing. */
export type Closing = {
  readonly deliveryId: string;
  readonly repositoryId: number;
  /** Who did it. */
  readonly by: string;
} & Told;

/** An end of a subject tells when the subject had last changed: ISO 8601 in UTC. */
interface OfSubject {
  readonly subjectNumber: number;
  readonly at: string;
}

type Told =
  | ({ readonly type: "subject_closed" } & OfSubject)
  | ({ readonly type: "label_removed"; readonly label: string } & OfSubject)
  /** When a branch was deleted, GitHub does not tell. */
  | { readonly type: "branch_deleted"; readonly branch: string }
  /** Not an end, but of the same kind: news about a branch that a session may work on. */
  | { readonly type: "pull_request_opened"; readonly branch: string; readonly url: string };

const source = {
  repository: z.object({ id }),
  sender: z.object({ login, type: z.string() }),
};
const subject = z
  .object({ number: id, updated_at: time })
  .transform(({ number: subjectNumber, updated_at }) => {
    return { subjectNumber, at: new Date(updated_at).toISOString() };
  });
const label = z.object({ name: z.string().max(200) }).nullish();
const opened = z.object({
  html_url: z.url().max(500),
  head: z.object({ ref: z.string(), repo: z.object({ id }).nullish() }),
});

type Payload = z.infer<z.ZodObject<typeof source>>;

/** A reader for each `event.action`; for `delete` there is no action. */
const READERS: ReadonlyMap<string, z.ZodType<{ from: Payload; told: Told | null }>> = new Map<
  string,
  z.ZodType<{ from: Payload; told: Told | null }>
>([
  ["issues.closed", readerOf({ issue: subject }, ({ issue }) => closed(issue))],
  [
    "pull_request.closed",
    readerOf({ pull_request: subject }, (payload) => closed(payload.pull_request)),
  ],
  [
    "issues.unlabeled",
    readerOf({ issue: subject, label }, (payload) =>
      unlabeled(payload.issue, payload.label?.name, payload.sender),
    ),
  ],
  [
    "pull_request.unlabeled",
    readerOf({ pull_request: subject, label }, (payload) =>
      unlabeled(payload.pull_request, payload.label?.name, payload.sender),
    ),
  ],
  [
    "delete",
    readerOf({ ref: z.string(), ref_type: z.string() }, ({ ref, ref_type }) =>
      ref_type === "branch" ? { type: "branch_deleted", branch: ref } : null,
    ),
  ],
  [
    "pull_request.opened",
    readerOf({ pull_request: opened }, ({ repository, pull_request: { head, html_url: url } }) =>
      // A fork's branch of the same name is not the session's.
      head.repo?.id === repository.id
        ? { type: "pull_request_opened", branch: head.ref, url }
        : null,
    ),
  ],
]);

/** Each `event.action` that tells of an end. */
export const CLOSING_EVENT_NAMES: readonly string[] = [...READERS.keys()].map((name) =>
  name.includes(".") ? name : `${name}.`,
);

function readerOf<Shape extends z.ZodRawShape>(
  shape: Shape,
  tell: (payload: z.output<z.ZodObject<typeof source & Shape>>) => Told | null,
) {
  return z
    .object({ ...source, ...shape })
    .transform((payload) => ({ from: payload, told: tell(payload) }));
}

function closed(about: OfSubject): Told {
  return { type: "subject_closed", ...about };
}

/** The bot takes labels off itself when a task starts: that ends nothing. */
function unlabeled(
  about: OfSubject,
  name: string | undefined,
  { type }: Payload["sender"],
): Told | null {
  if (name === undefined || type === "Bot") return null;
  return { type: "label_removed", ...about, label: name };
}

/**
 * Reads a webhook: what ended, null when nothing that matters here did, or the paths of the fields that
 * are not as GitHub sends them (never their values).
 */
export function readClosing(event: WebhookEvent): Closing | null | { readonly wrong: string } {
  const result = READERS.get(fullNameOf(event))?.safeParse(event.payload);
  if (result === undefined) return null;
  if (!result.success) {
    return { wrong: result.error.issues.map((problem) => problem.path.join(".")).join(", ") };
  }
  const { from, told } = result.data;
  if (told === null) return null;
  const { repository, sender } = from;
  return { deliveryId: event.deliveryId, repositoryId: repository.id, by: sender.login, ...told };
}
