import type { Subject } from "../access/survey.ts";
import type { Cleaner, Written } from "./cleaner.ts";

/** One part of the subject's text, written by anybody. */
export interface Passage {
  /** What it is, in our own words and a login, e.g. `comment, by octocat`. */
  readonly label: string;
  readonly text: string;
}

/** The most characters of a title, of one passage, and of all passages together. */
const BUDGET = { title: 500, passage: 8_000, passages: 40_000 };

/** What strangers wrote about a subject, oldest first. */
export function passagesOf(
  { subject, requester }: { readonly subject: Subject; readonly requester: string },
  cleaner: Cleaner,
): Passage[] {
  const { title, body, bodyHtml, author, comments, missing, pull } = subject;
  let left = BUDGET.passages;
  const take = (label: string, written: Written): Passage => {
    const text = cleaner.marked(cleaner.visible(written), Math.min(left, BUDGET.passage));
    left = Math.max(0, left - text.length);
    const how = written.html === null && text !== "" ? ", as written" : "";
    return { label: `${label}${how}`, text };
  };
  const by = cleaner.line(author.login, 100);
  const whose = `body, by ${by}${author.login === requester ? ", who asked" : ""}`;
  const first = [
    { label: `title, by ${by}`, text: cleaner.line(title, BUDGET.title) },
    take(whose, { source: body, html: bodyHtml }),
    ...(pull === null || missing.includes("files") ? [] : [changedFiles(pull, cleaner)]),
  ];
  // The newest comments matter most: the budget is theirs first.
  const last = comments.toReversed().map((comment) => {
    const label = `comment, by ${cleaner.line(comment.author.login, 100)}`;
    return take(label, { source: comment.body, html: comment.bodyHtml });
  });
  return [...first, ...last.toReversed()];
}

function changedFiles(
  { files, allFiles }: NonNullable<Subject["pull"]>,
  cleaner: Cleaner,
): Passage {
  const label = `changed files${allFiles ? "" : `, the first ${files.length}`}`;
  const lines = files.map((file) => cleaner.line(file, 400));
  return { label, text: cleaner.marked(lines.join("\n"), BUDGET.passage) };
}
