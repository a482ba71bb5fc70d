import type {
  Author,
  CommandComment,
  Missing,
  Pull,
  Subject,
  SubjectComment,
} from "../core/access/survey.ts";
import type { CommentPlace, TaskTrigger } from "../core/task/task.ts";
import type { Actor, CommentAnswer, SurveyAnswer } from "./survey-query.ts";
import { MAX_FILES } from "./survey-query.ts";
import type { Scope } from "./survey-scope.ts";
import { WHOLE } from "./survey-scope.ts";

/** The most comments that a prompt shows. */
const MAX_COMMENTS = 10;

type SubjectAnswer = NonNullable<NonNullable<SurveyAnswer["repository"]>["subject"]>;

/** The subject of an answer to a query of this scope. */
export function subjectFrom(subject: SubjectAnswer, scope: Scope): Subject {
  const { title, body, closed, locked, author } = subject;
  const merged = "merged" in subject && subject.merged;
  const open = closed ? "closed" : "open";
  return {
    title,
    body,
    bodyHtml: subject.bodyHTML ?? null,
    author: authorFrom(author),
    state: merged ? "merged" : open,
    locked,
    ...commentsFrom(subject),
    missing: missingFrom(subject, scope),
    pull: "merged" in subject ? pullFrom(subject) : null,
  };
}

/**
 * The bot's own are neither read nor counted: GitHub says which they are, because anybody can write what they begin
 * with. Comments that are hidden on GitHub (minimized, as off-topic or spam) are counted, and not read.
 */
function commentsFrom({ comments }: SubjectAnswer): Pick<Subject, "comments" | "hiddenComments"> {
  const others = (comments?.nodes ?? [])
    .filter((comment) => comment !== null)
    .filter(({ viewerDidAuthor }) => !viewerDidAuthor);
  const shown = others.filter(({ isMinimized }) => !isMinimized);
  return {
    comments: shown
      .slice(-MAX_COMMENTS)
      .map(({ author, body, bodyHTML: bodyHtml = null }): SubjectComment => {
        return { author: authorFrom(author), body, bodyHtml };
      }),
    hiddenComments: others.length - shown.length,
  };
}

/** The comment, review or review comment that the task's command stands in; null for what was given elsewhere. */
export function commandFrom(subject: SubjectAnswer, trigger: TaskTrigger): CommandComment | null {
  if (trigger.type === "label" || trigger.place === "page") return null;
  const reviews = ("merged" in subject ? subject.reviews?.nodes : null) ?? [];
  const places: Record<CommentPlace, readonly (CommentAnswer | null)[]> = {
    issue_comment: subject.comments?.nodes ?? [],
    review: reviews,
    review_comment: reviews.flatMap((review) => review?.comments?.nodes ?? []),
  };
  const found = places[trigger.place].find((it) => it?.databaseId === trigger.commentId);
  if (!found) return null;
  return { body: found.body, bodyHtml: found.bodyHTML ?? null, hidden: found.isMinimized };
}

function missingFrom(subject: SubjectAnswer, { files, comments }: Scope): Missing[] {
  const isPull = "merged" in subject;
  const missing: Missing[] = [];
  if (isPull && (!files || !subject.files?.nodes)) missing.push("files");
  if (comments === 0) missing.push("comments");
  else if ((subject.comments?.totalCount ?? 0) > comments && comments < WHOLE.comments) {
    missing.push("older_comments");
  }
  return missing;
}

function authorFrom(actor: Actor): Author {
  return { id: actor?.databaseId ?? null, login: actor?.login ?? "ghost" };
}

function pullFrom(pull: Extract<SubjectAnswer, { merged: boolean }>): Pull {
  const { files, baseRef } = pull;
  const nodes = (files?.nodes ?? []).filter((file) => file !== null);
  return {
    head: { branch: pull.headRefName, commit: pull.headRefOid },
    // The repository of a fork that was deleted is gone.
    fromFork: pull.isCrossRepository || pull.headRepository === null,
    base: { branch: pull.baseRefName, commit: baseRef?.target?.oid ?? pull.baseRefOid },
    files: nodes.map(
      ({ changeType, path, additions, deletions }) =>
        `${changeType.toLowerCase()} ${path} (+${additions} -${deletions})`,
    ),
    allFiles: (files?.totalCount ?? 0) <= MAX_FILES,
  };
}
