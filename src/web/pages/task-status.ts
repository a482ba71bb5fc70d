import { html } from "hono/html";
import { cancellationSentence, existing } from "../../core/comment/canceled.ts";
import { clearCode } from "../../core/comment/clear-code.ts";
import { explanationOf } from "../../core/comment/explanation.ts";
import { answerLine } from "../../core/comment/failed.ts";
import { placingSentence, sharingLine, whySentence } from "../../core/comment/hosted.ts";
import { publishedText } from "../../core/comment/publication.ts";
import { otherRepository } from "../../core/comment/session.ts";
import { failedStart } from "../../core/comment/waiting.ts";
import type { CommentView, FailureView } from "../../core/comment/view.ts";
import type { SessionView } from "../../core/comment/session-view.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import { isAway } from "../../core/task/session.ts";
import type { Unfollowed } from "../../core/task/session.ts";
import type { Html } from "./document.ts";
import { ownLine, ownMarkdown } from "./markdown.ts";
import { codeNamed, personNamed } from "./names.ts";
import { timeOf } from "./time.ts";

/** Where a task stands, and who can do what about it. Empty where the label says it all. */
export function statusOf(view: CommentView, isRequester: boolean): readonly Html[] {
  const { state, hosts } = view;
  switch (state.type) {
    case "answer":
      return [html`<div class="markdown">${ownMarkdown(state.text, hosts)}</div>`];
    case "denied":
      return [note("danger", html`<div class="markdown">${ownMarkdown(state.text, hosts)}</div>`)];
    case "canceled": {
      const why = cancellationSentence(state.cancellation) ?? state.note ?? "";
      return [paragraph(why, hosts), paragraph(existing(view), hosts)];
    }
    case "queued":
      return [html`<p>${queuedSentence(state.atOnce)}</p>`];
    case "connect":
      return connectParts(state, view, isRequester);
    case "waiting_for_runtime":
      return [
        html`<p>
          All of the bot's Copilot runtimes are in use. This task starts when one is free.
        </p>`,
      ];
    case "trying_again":
      return [paragraph(`${failedStart(view)}, so the bot is trying again.`, hosts)];
    case "starting":
      return startingParts(view);
    case "late":
      return lateParts(state, view);
    case "failed":
      return failedParts(state, view);
    case "session":
      return sessionParts(state.session, view);
    default:
      return state satisfies never;
  }
}

function startingParts(view: CommentView): Html[] {
  const { hosting, hosts } = view;
  if (hosting === null) return [html`<p>The session is being created.</p>`];
  const sentences = `${placingSentence(hosting)} ${whySentence(view)}`;
  return [paragraph(sentences, hosts)];
}

type NoteTone = "danger" | "attention" | "success";

/** Something that stands out. */
function note(tone: NoteTone, content: Html): Html {
  return html`<div class="note ${tone}">${content}</div>`;
}

function paragraph(markdown: string | null, hosts: GitHubHosts): Html {
  const isEmpty = markdown === null || markdown.trim() === "";
  return isEmpty ? html`` : html`<p>${ownLine(markdown, hosts)}</p>`;
}

function queuedSentence(atOnce: number | null): Html {
  const sessions = atOnce === 1 ? "1 session" : `${atOnce ?? 0} sessions`;
  return html`This repository runs at most ${sessions} at once (<code>limits.at_once</code>). This
  task starts when a session ends. Tasks that have waited longer start first.`;
}

function connectParts(
  { url, until }: Extract<CommentView["state"], { type: "connect" }>,
  { requester, hosts }: CommentView,
  isRequester: boolean,
): Html[] {
  const who = isRequester
    ? html`<p>
          <strong>Connect your Copilot once, and this task starts.</strong> Its session runs as you
          and uses your Copilot plan.
        </p>
        <p><a class="button primary" href="${url}">Connect your Copilot</a></p>`
    : html`<p>The task starts when ${personNamed(requester, hosts)} connects their Copilot.</p>`;
  return [
    note(
      "attention",
      html`${who}
        <p>It waits until ${timeOf(until)}.</p>`,
    ),
  ];
}

/** The sentence, and the code that people search for. */
function headLine(view: CommentView, failure: FailureView): Html {
  const { sentence } = explanationOf(view, failure);
  return html`<p><strong>${ownLine(sentence, view.hosts)}</strong> ${codeNamed(failure.code)}</p>`;
}

function lateParts(
  { failure, until }: Extract<CommentView["state"], { type: "late" }>,
  view: CommentView,
): Html[] {
  const watch = html`<p>
    It may still start. The bot watches for it until ${timeOf(until)}. Don't retry before then.
  </p>`;
  return [note("attention", html`${headLine(view, failure)}${watch}`)];
}

function failedParts(
  { failure, note: came }: Extract<CommentView["state"], { type: "failed" }>,
  view: CommentView,
): Html[] {
  const { remedy } = explanationOf(view, failure);
  const { hosts } = view;
  const parts = html`${headLine(view, failure)} ${paragraph(remedy, hosts)}
  ${paragraph(answerLine(failure), hosts)}`;
  const exists = view.wantsSession ? paragraph(existing(view), hosts) : html``;
  return [
    note("danger", parts),
    paragraph(came, hosts),
    paragraph(whySentence(view), hosts),
    paragraph(publishedText(view, false), hosts),
    exists,
  ];
}

function sessionParts(session: SessionView, view: CommentView): Html[] {
  const { hosts } = view;
  const { failure, note: came, phase, unfollowed } = session;
  const elsewhere = otherRepository(view);
  const isReached = unfollowed === null || session.canResume;
  const said = failure === "" ? "" : html`: ${ownLine(clearCode(failure), hosts)}`;
  return [
    elsewhere === null ? html`` : note("attention", paragraph(elsewhere, hosts)),
    phase === "failed"
      ? note("danger", html`<p><strong>The session reported an error</strong>${said}</p>`)
      : html``,
    phase === "sending"
      ? html`<p>The session hasn't received the request yet. The bot is still trying.</p>`
      : html``,
    paragraph(came, hosts),
    paragraph(publishedText(view, isReached), hosts),
    paragraph(`${whySentence(view)} ${sharingLine(view, isReached)}`.trim(), hosts),
    paragraph(
      `${ranFor(session, isAway(view))} ${unfollowed === null ? "" : LEFT[unfollowed]}`,
      hosts,
    ),
  ];
}

function ranFor({ phase, unfollowed, minutes }: SessionView, isUnreached: boolean): string {
  const hours = Math.floor(minutes / 60);
  const long = hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
  const time = minutes === 0 ? "less than a minute" : long;
  const isAtWork = phase === "working" || phase === "waiting";
  if (isAtWork && (isUnreached || unfollowed !== null)) return `Last seen after ${time}.`;
  if (phase === "sending" || phase === "started") return "";
  return isAtWork ? `Running for ${time}.` : `Ran for ${time}.`;
}

/** Why the page shows nothing new of a session, and what has it do so again. */
const LEFT: Readonly<Record<Unfollowed, string>> = {
  over: "The session is over.",
  idle: "The bot stopped following this session because it was idle for long. A message continues it.",
  time: "The bot stopped following this session because the time limit for updates was reached. The session may have continued.",
  room: "The bot stopped following this session because it follows too many others. The session may have continued.",
  unreachable: "The bot lost contact with this session. The session may have continued.",
  token:
    "The bot stopped following this session because the requester's token ended. The session continues.",
  disconnected:
    "The bot stopped following this session because the requester's Copilot isn't connected anymore. The session continues.",
};
