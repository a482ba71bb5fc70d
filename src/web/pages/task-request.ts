import { html } from "hono/html";
import {
  briefSentence,
  requestInShort,
  requestParts,
  requestSentence,
} from "../../core/comment/request.ts";
import { canAnswerHere, withheldInComment } from "../../core/comment/request.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import { takesAnswer } from "../../core/session/request.ts";
import type { Asked, Asking } from "../../core/task/asking.ts";
import { shownWhole } from "../../core/text/shown.ts";
import type { Html } from "./document.ts";
import { ownLine, ownMarkdown } from "./markdown.ts";
import type { CommandTarget } from "./task-command.ts";
import { commandButton, commandForm, MAX_MESSAGE } from "./task-command.ts";
import type { Offers } from "./task-offers.ts";

/** What somebody can do about a request. */
interface Answering {
  readonly target: CommandTarget;
  readonly offers: Pick<Offers, "approve" | "deny">;
  readonly hosts: GitHubHosts;
  /** Whether the bot follows the session, so that the request is known to be still there. */
  readonly isOpen: boolean;
  /** Where the session is; null while that's unknown. */
  readonly sessionUrl: string | null;
  /** Whether the session isn't to be seen on GitHub, so that it can only be answered here. */
  readonly isUnseen: boolean;
}

/** A request of the agent's, whole and as it is, and the buttons that answer it. */
export function requestBox(asked: Asked, answering: Answering): Html {
  const { asking, code } = asked;
  const { hosts, isOpen } = answering;
  const sentenceOf = withheldInComment(asking) === null ? requestSentence : briefSentence;
  const sentence = sentenceOf(asking, isOpen);
  return html`<article class="request" id="request-${code}" aria-labelledby="request-${code}-title">
    <h3 id="request-${code}-title">${ownLine(sentence, hosts)}</h3>
    <div class="markdown">${contentOf(withoutChoices(asked, answering), hosts)}</div>
    ${answersTo(asked, answering)}
  </article>`;
}

/** The choices are beside their buttons where there are any. */
function withoutChoices(asked: Asked, { isOpen, offers }: Answering): Asking {
  const { asking } = asked;
  const hasFields = isOpen && offers.approve === null && canAnswerHere(asked);
  return asking.type === "question" && hasFields ? { ...asking, choices: [] } : asking;
}

function contentOf(asking: Asking, hosts: GitHubHosts): Html {
  const withheld = withheldInComment(asking);
  if (withheld === null) return ownMarkdown(requestParts(asking).join("\n"), hosts);
  const short = requestInShort(asking);
  const approved = asking.type === "question" ? "answered" : "approved";
  const why =
    withheld === "too_long"
      ? `It's too long to show, so it can't be ${approved} here.`
      : `It contains what looks like a credential, which the bot never shows, so it can't be ${approved} here.`;
  return html`${short === "" ? "" : html`<p>In short: ${ownLine(short, hosts)}</p>`}
    <p>${why}</p>`;
}

function answersTo(asked: Asked, answering: Answering): Html {
  const { target, offers, isOpen, sessionUrl, isUnseen } = answering;
  const { asking, code } = asked;
  const elsewhere =
    sessionUrl === null
      ? "in Mission Control"
      : html`<a href="${sessionUrl}">in Mission Control</a>`;
  if (isUnseen && !isOpen) return NOT_FOLLOWED;
  if (!isOpen) return html`<p class="muted">If Copilot is still waiting, answer ${elsewhere}.</p>`;
  if (asked.elsewhere === true || (!takesAnswer(asked) && asking.type === "question")) {
    if (isUnseen) return NOT_HERE;
    return html`<p class="muted">You can only answer this ${elsewhere}.</p>`;
  }
  const canApprove = canAnswerHere(asked) && offers.approve === null;
  const canDeny = offers.deny === null;
  const whyNot = offers.approve ?? offers.deny;
  if (!canApprove && !canDeny) return html`<p class="muted">You can't answer this. ${whyNot}</p>`;
  const isQuestion = asking.type === "question";
  const [yes, no] = isQuestion ? ["Answer", "Decline"] : ["Approve", "Deny"];
  const approve = { command: "approve", text: yes, look: "primary", code } as const;
  const deny = { command: "deny", text: no, look: "danger", code } as const;
  const form = commandForm(
    target,
    code,
    html`${canApprove && isQuestion ? answerFields(asking, code) : ""}
      <div class="buttons">
        ${canApprove ? commandButton(approve) : ""} ${canDeny ? commandButton(deny) : ""}
      </div>`,
    code,
  );
  const more = whyNot === null ? "" : html`<p class="muted">You can't approve this. ${whyNot}</p>`;
  const also = isUnseen ? "" : html`<p class="muted">You can also answer ${elsewhere}.</p>`;
  return html`${form}${more} ${also}`;
}

const NOT_FOLLOWED = html`<p class="muted">
  If Copilot is still waiting, have the bot follow the session again, and answer then.
</p>`;

const NOT_HERE = html`<p class="muted">
  This can only be answered on GitHub, and the session isn't shown there.
</p>`;

type Question = Extract<Asking, { readonly type: "question" }>;

/** The choices, and room for other words where the agent takes these. */
function answerFields({ choices, freeform }: Question, code: string): Html {
  const words = html`<label for="answer-${code}"
      >${choices.length === 0 ? "Your answer" : "Another answer"}</label
    >
    <textarea
      id="answer-${code}"
      name="text"
      rows="2"
      maxlength="${MAX_MESSAGE}"
      ${choices.length === 0 ? "required" : ""}
    ></textarea>`;
  if (choices.length === 0) return words;
  return html`<fieldset>
      <legend>Your answer</legend>
      ${choices.map(
        (choice, index) =>
          html`<label class="choice" for="choice-${code}-${index}">
            <input
              type="radio"
              id="choice-${code}-${index}"
              name="choice"
              value="${index}"
              ${freeform ? "" : "required"}
            />
            <bdi>${shownWhole(choice)}</bdi>
          </label>`,
      )}
    </fieldset>
    ${freeform ? words : ""}`;
}
