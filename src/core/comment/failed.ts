import type { FailureCode } from "../task/failure.ts";
import { cleanLine } from "../text/plain.ts";
import { inlineCode, plainLine } from "../text/quote.ts";
import { alert, paragraphs } from "./alert.ts";
import { existing } from "./canceled.ts";
import { explanationOf } from "./explanation.ts";
import { machineAlert, whySentence } from "./hosted.ts";
import { listOfSessions } from "./links.ts";
import { publishedText, resultLinks } from "./publication.ts";
import { waysToRetry } from "./retry.ts";
import type { CommentState, CommentView, FailureView } from "./view.ts";

/** Of these the answer says more than the sentence. */
const QUOTED: ReadonlySet<FailureCode> = new Set(["unknown", "github_refused"]);

/** What failed, who can fix it and where, what exists, and how to try it again. */
export function failedLines(
  view: CommentView,
  { failure, note }: Extract<CommentState, { type: "failed" }>,
): string[] {
  const { sentence, remedy, needsChange } = explanationOf(view, failure);
  const { code } = failure;
  const answer = answerLine(failure);
  const again = `${needsChange ? "Once that's fixed" : "To try again"}, ${waysToRetry(view)}.`;
  // A second session costs money, so whether there is a first one comes before everything else.
  if (view.session === null && view.isAskedFor && view.hosting === null) {
    const first = `**A session may exist** (\`${code}\`). Check the ${listOfSessions(view)} before you retry, so you don't pay twice.`;
    const caution = alert("CAUTION", [first, `${sentence} ${remedy}`, answer]);
    return paragraphs(caution.join("\n"), note, again);
  }
  return paragraphs(
    alert("WARNING", [headLine(sentence, code), remedy, answer]).join("\n"),
    note,
    machineAlert(view),
    whySentence(view),
    resultLinks(view, []),
    publishedText(view, false),
    `${view.wantsSession ? existing(view) : ""} ${again}`.trim(),
  );
}

/** What the other side answered, where that says more than the bot knows. Markdown; "" for nothing. */
export function answerLine({ code, detail }: Pick<FailureView, "code" | "detail">): string {
  const words = QUOTED.has(code) ? plainLine(cleanLine(detail ?? "", Infinity).text, 300) : "";
  return words === "" ? "" : `GitHub's answer: ${inlineCode(words)}`;
}

/** The sentence, and the code that people search for. */
function headLine(sentence: string, code: FailureCode): string {
  return `**${sentence.replace(/\.$/u, "")}** (\`${code}\`).`;
}

/** What is late, and until when it's waited for. */
export function lateLines(
  view: CommentView,
  { failure, until }: Extract<CommentState, { type: "late" }>,
): string[] {
  const time = until.slice(11, 16);
  return paragraphs(
    headLine(explanationOf(view, failure).sentence, failure.code),
    `It may still start. ${whereToCheck(view)}I'll watch for it until ${time} UTC and update this comment. Please don't retry before then.`,
  );
}

function whereToCheck(view: CommentView): string {
  const { session, hosting } = view;
  if (session === null) return hosting === null ? `Check the ${listOfSessions(view)}. ` : "";
  const list = session.isGuess ? `, or find it in the ${listOfSessions(view)}` : "";
  return `[Check the session](${session.url})${list}. `;
}
