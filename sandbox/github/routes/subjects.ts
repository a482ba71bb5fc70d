import type { AskedInRepository, RepositoryEvent } from "../parts.ts";
import { NO_CONTENT, bodyOf, invalid, route, theRepository, theSubject, under } from "./route.ts";
import { labelOf } from "../rest/repositories.ts";
import { issueOf, pullOf } from "../rest/subjects.ts";
import type { Answer, Json } from "../shapes.ts";
import { failure, json } from "../shapes.ts";
import type { PullRecord, RepositoryRecord, SubjectRecord } from "../state/records.ts";
import { findOrAddLabel, nextId, now } from "../state/state.ts";

const LOCK_REASONS = new Set<unknown>(["off-topic", "too heated", "resolved", "spam"]);

/** Issues, and what pull requests have in common with them. */
export const subjectRoutes = under(
  ["issues", "pull_requests"],
  [
    route("POST /repos/{owner}/{repo}/issues", "read", theRepository, open),
    route(
      "GET /repos/{owner}/{repo}/issues/{issue_number}",
      "read",
      theSubject,
      (subject, { host }) => json(200, issueOf(host, subject)),
    ),
    route("PATCH /repos/{owner}/{repo}/issues/{issue_number}", "read", theSubject, (it, asked) =>
      edit(it, asked, () => issueOf(asked.host, it)),
    ),
    route("PUT /repos/{owner}/{repo}/issues/{issue_number}/lock", "triage", theSubject, lock),
    route("DELETE /repos/{owner}/{repo}/issues/{issue_number}/lock", "triage", theSubject, unlock),
    // GitHub lets those who triage do this, and issue forms in the name of everybody who reads.
    route("POST /repos/{owner}/{repo}/issues/{issue_number}/labels", "read", theSubject, label),
    route(
      "DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}",
      "read",
      theSubject,
      unlabel,
    ),
  ],
);

/** What happened to an issue or pull request as a whole. */
export function happened(
  host: string,
  subject: SubjectRecord,
  action: string,
  more: Json = {},
): RepositoryEvent {
  const { repository, number } = subject;
  if (subject.type === "issue") {
    return {
      event: "issues",
      action,
      about: { issue: issueOf(host, subject), ...more },
      repository,
    };
  }
  const about = { number, pull_request: pullOf(host, subject), ...more };
  return { event: "pull_request", action, about, repository };
}

/** What every new issue or pull request has. */
export function conversationFrom(
  { state, repository, by }: AskedInRepository,
  title: string,
  body?: string,
) {
  return {
    repository,
    number: (repository.lastNumber += 1),
    author: by,
    title,
    body: body ?? null,
    state: "open" as const,
    lock: undefined,
    labels: [],
    createdAt: now(),
    updatedAt: now(),
    closedAt: null,
    comments: [],
    reactions: [],
    id: nextId(state, "subject"),
  };
}

interface NewIssue {
  readonly title: string;
  readonly body: string;
}

function open(repository: RepositoryRecord, asked: AskedInRepository): Answer {
  const { title, body } = bodyOf<NewIssue>(asked);
  if (title === undefined) return invalid("Issue", "title", "missing_field");
  const issue = { type: "issue" as const, ...conversationFrom(asked, title, body) };
  repository.subjects.set(issue.number, issue);
  asked.emit(happened(asked.host, issue, "opened"));
  return json(201, issueOf(asked.host, issue));
}

interface Changes {
  readonly title: string;
  readonly body: string | null;
  readonly state: "open" | "closed";
}

/** Changes an issue or pull request, which GitHub answers with what it's `shown` as then. */
export function edit(subject: SubjectRecord, asked: AskedInRepository, shown: () => Json): Answer {
  const { state, ...texts } = bodyOf<Changes>(asked);
  const { title = subject.title, body = subject.body } = texts;
  const changes: Json = {};
  if (title !== subject.title) changes["title"] = { from: subject.title };
  if (body !== subject.body) changes["body"] = { from: subject.body ?? "" };
  Object.assign(subject, { title, body, updatedAt: now() });
  if (Object.keys(changes).length > 0) {
    asked.emit(happened(asked.host, subject, "edited", { changes }));
  }
  if (state !== undefined && state !== subject.state) {
    Object.assign(subject, { state, closedAt: state === "closed" ? now() : null });
    if (subject.type === "pull") followBranch(subject);
    const action = state === "closed" ? "closed" : "reopened";
    asked.emit(happened(asked.host, subject, action));
  }
  return json(200, shown());
}

/** A pull request that is opened again has what was pushed meanwhile. */
function followBranch({ head, state }: PullRecord): void {
  const tip = head.repository.branches.get(head.ref);
  if (state === "open" && tip !== undefined) head.commit = tip;
}

function lock(subject: SubjectRecord, asked: AskedInRepository): Answer {
  const { lock_reason: reason = null } = bodyOf<{ readonly lock_reason: string | null }>(asked);
  if (reason !== null && !LOCK_REASONS.has(reason)) return invalid("Lock", "lock_reason");
  Object.assign(subject, { lock: { reason }, updatedAt: now() });
  asked.emit(happened(asked.host, subject, "locked"));
  return NO_CONTENT;
}

function unlock(subject: SubjectRecord, asked: AskedInRepository): Answer {
  Object.assign(subject, { lock: undefined, updatedAt: now() });
  asked.emit(happened(asked.host, subject, "unlocked"));
  return NO_CONTENT;
}

function label(subject: SubjectRecord, asked: AskedInRepository): Answer {
  const { host, emit } = asked;
  const { labels = [] } = bodyOf<{ readonly labels: readonly string[] }>(asked);
  for (const name of labels) {
    const added = findOrAddLabel(asked.state, subject.repository, name);
    if (subject.labels.includes(added)) continue;
    Object.assign(subject, { labels: [...subject.labels, added], updatedAt: now() });
    emit(happened(host, subject, "labeled", { label: labelOf(host, subject.repository, added) }));
  }
  return labelsOf(subject, asked);
}

function unlabel(subject: SubjectRecord, asked: AskedInRepository): Answer {
  const { host, emit } = asked;
  const removed = subject.repository.labels.get(asked.parameters["name"]?.toLowerCase() ?? "");
  const labels = subject.labels.filter((it) => it !== removed);
  if (removed === undefined || labels.length === subject.labels.length) {
    return failure(404, "Label does not exist");
  }
  Object.assign(subject, { labels, updatedAt: now() });
  emit(happened(host, subject, "unlabeled", { label: labelOf(host, subject.repository, removed) }));
  return labelsOf(subject, asked);
}

function labelsOf({ labels, repository }: SubjectRecord, { host }: AskedInRepository): Answer {
  return json(
    200,
    labels.map((it) => labelOf(host, repository, it)),
  );
}
