import { html } from "hono/html";
import { cancellationSentence } from "../../core/comment/canceled.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { FailureCode } from "../../core/task/failure.ts";
import type { Cancellation } from "../../core/task/outcome.ts";
import type { Html } from "./document.ts";
import { ownLine, ownMarkdown } from "./markdown.ts";
import { codeNamed } from "./names.ts";
import { taskPath } from "./task-row.ts";

/** What a button has come to, so far. Texts are Markdown of the bot's own. */
type ShownOutcome =
  | { readonly type: "pending" | "passed_on" | "too_many" | "no_text" }
  | { readonly type: "too_long"; readonly most: number }
  | { readonly type: "retrying"; readonly taskId: string }
  | { readonly type: "denied"; readonly text: string | null }
  | { readonly type: "not_done"; readonly text: string }
  | { readonly type: "failed"; readonly code: FailureCode }
  | { readonly type: "canceled"; readonly why: Cancellation };

/** What came of a button, for the page that's shown after it. */
export interface CommandResult {
  readonly outcome: ShownOutcome;
  /** Whether the same form was sent before. */
  readonly isRepeated: boolean;
}

/** Says what came of a command; nothing where there was none. */
export function resultNote(result: CommandResult | null, hosts: GitHubHosts): Html {
  if (result === null) return html`<div id="result" data-live hidden></div>`;
  const { outcome, isRepeated } = result;
  const isGood = GOOD.has(outcome.type);
  const repeated = isRepeated ? html`<p>This was sent before, so it counts once.</p>` : "";
  return html`<div id="result" data-live>
    <div class="note ${isGood ? "success" : "attention"}" role="status">
      ${messageOf(outcome, hosts)} ${repeated}
    </div>
  </div>`;
}

const GOOD: ReadonlySet<ShownOutcome["type"]> = new Set(["pending", "passed_on", "retrying"]);

const SENTENCES = {
  pending: "The bot is working on it. Reload the page to see what comes of it.",
  passed_on: "It's on its way to the session. The status shows what comes of it.",
  too_many: "Nothing changed: you've given many commands within a minute. Try again in a minute.",
  no_text: "Nothing was sent: write your message first.",
} as const;

function messageOf(outcome: ShownOutcome, hosts: GitHubHosts): Html {
  switch (outcome.type) {
    case "pending":
    case "passed_on":
    case "too_many":
    case "no_text":
      return html`<p>${SENTENCES[outcome.type]}</p>`;
    case "too_long":
      return html`<p>
        Nothing was sent: your text is too long. Up to ${outcome.most} characters fit.
      </p>`;
    case "retrying":
      return html`<p>
        The task is retried as <a href="${taskPath(outcome.taskId)}">a new task</a>.
      </p>`;
    case "denied": {
      if (outcome.text === null) return html`<p>Nothing changed: you can't do this here.</p>`;
      return html`<p><strong>Nothing changed.</strong></p>
        ${ownMarkdown(outcome.text, hosts)}`;
    }
    case "not_done":
      return html`<p><strong>Nothing changed.</strong></p>
        ${ownMarkdown(outcome.text, hosts)}`;
    case "failed":
      return html`<p>
        Nothing changed: the bot couldn't find out whether you can do this.
        ${codeNamed(outcome.code)}
      </p>`;
    case "canceled": {
      const why = cancellationSentence(outcome.why) ?? "";
      return html`<p><strong>Nothing changed.</strong> ${ownLine(why, hosts)}</p>`;
    }
    default:
      return outcome satisfies never;
  }
}
