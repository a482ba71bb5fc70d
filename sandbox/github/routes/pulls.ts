import type { AskedInRepository } from "../parts.ts";
import type { Route } from "./route.ts";
import { bodyOf, invalid, route, thePull, theRepository, under } from "./route.ts";
import { commentOf, reviewOf } from "../rest/comments.ts";
import { pullOf } from "../rest/subjects.ts";
import type { Answer } from "../shapes.ts";
import { json } from "../shapes.ts";
import { commitOf, mergedFiles } from "../state/git.ts";
import type { CommentRecord, PullRecord, ReviewRecord } from "../state/records.ts";
import { nextId, now } from "../state/state.ts";
import { tellOf } from "./comments.ts";
import { listPulls, openPull } from "./opening.ts";
import { edit, happened } from "./subjects.ts";

/** Pull requests and their reviews. */
export const pullRoutes: readonly Route[] = [
  ...under(
    ["pull_requests"],
    [
      route("GET /repos/{owner}/{repo}/pulls", "read", theRepository, listPulls),
      route("POST /repos/{owner}/{repo}/pulls", "read", theRepository, openPull),
      route("GET /repos/{owner}/{repo}/pulls/{pull_number}", "read", thePull, (pull, { host }) =>
        json(200, pullOf(host, pull)),
      ),
      route("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", "read", thePull, (pull, asked) =>
        edit(pull, asked, () => pullOf(asked.host, pull)),
      ),
      route("POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews", "read", thePull, review),
      route("POST /repos/{owner}/{repo}/pulls/{pull_number}/comments", "read", thePull, comment),
    ],
  ),
  ...under(
    ["contents"],
    [route("PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge", "write", thePull, merge)],
  ),
];

function merge(pull: PullRecord, { by, host, emit }: AskedInRepository): Answer {
  const { repository, head, base, number } = pull;
  const onto = repository.branches.get(base.ref) ?? base.commit;
  const commit = commitOf({
    files: mergedFiles(onto, head.commit),
    parents: [onto, head.commit],
    message: `Merge pull request #${number} from ${head.repository.owner.login}/${head.ref}`,
    author: by,
    date: now(),
  });
  repository.branches.set(base.ref, commit);
  const at = now();
  Object.assign(pull, { merge: { by, at, commit }, state: "closed", closedAt: at, updatedAt: at });
  emit(happened(host, pull, "closed"));
  return json(200, { sha: commit.sha, merged: true, message: "Pull Request successfully merged" });
}

const STATES = {
  APPROVE: "APPROVED",
  REQUEST_CHANGES: "CHANGES_REQUESTED",
  COMMENT: "COMMENTED",
} as const;

interface NewReview {
  readonly body: string;
  readonly event: keyof typeof STATES;
}

function review(pull: PullRecord, asked: AskedInRepository): Answer {
  const { body = "", event = "COMMENT" } = bodyOf<NewReview>(asked);
  return json(200, reviewOf(asked.host, submit(pull, body, STATES[event], asked)));
}

function submit(
  subject: PullRecord,
  body: string,
  state: ReviewRecord["state"],
  asked: AskedInRepository,
): ReviewRecord {
  const { by: author, host, emit } = asked;
  const at = now();
  const id = nextId(asked.state, "review");
  const { commit } = subject.head;
  const times = { createdAt: at, updatedAt: at };
  const made: ReviewRecord = { id, subject, author, body, state, commit, ...times, comments: [] };
  subject.reviews = [...subject.reviews, made];
  subject.updatedAt = at;
  // A webhook has the state in lower case and no body as null, unlike the REST API.
  const shown = { ...reviewOf(host, made), state: state.toLowerCase(), body: body || null };
  const about = { review: { ...shown, updated_at: at }, pull_request: pullOf(host, subject) };
  const { repository } = subject;
  emit({ event: "pull_request_review", action: "submitted", about, repository });
  return made;
}

interface NewLineComment {
  readonly body: string;
  readonly path: string;
  readonly line: number;
}

/** GitHub makes a single comment on a line a review without a body, and sends webhooks for both. */
function comment(subject: PullRecord, asked: AskedInRepository): Answer {
  const { body, path, line = 1 } = bodyOf<NewLineComment>(asked);
  if (body === undefined || path === undefined) {
    return invalid("PullRequestReviewComment", "body", "missing_field");
  }
  const { by: author, via, host, state } = asked;
  const of = submit(subject, "", "COMMENTED", asked);
  const made: CommentRecord = {
    id: nextId(state, "line comment"),
    subject,
    author,
    via,
    body,
    createdAt: now(),
    updatedAt: now(),
    reactions: [],
    minimized: undefined,
    line: { path, line, review: of, commit: of.commit },
  };
  of.comments = [made];
  tellOf("created", made, asked);
  return json(201, commentOf(host, made));
}
