import type { Hosting } from "../task/hosting.ts";
import { isAway } from "../task/session.ts";
import { codeName } from "../text/quote.ts";
import { alert } from "./alert.ts";
import { explanationOf } from "./explanation.ts";
import { listOfSessions, ownerLink } from "./links.ts";
import { waysToRetry } from "./retry.ts";
import type { CommentView } from "./view.ts";

/** On a machine of the administrator's, in words that can follow “on”. Markdown. */
export function machineName({ machine }: Pick<Hosting, "machine">): string {
  return machine === null
    ? "one of the administrator's machines"
    : `the administrator's machine ${codeName(machine)}`;
}

/** What every reader has to know of the machine, before everything else. Markdown; "" for nothing. */
export function machineAlert(view: CommentView): string {
  return alert("WARNING", machineWarnings(view)).join("\n");
}

/** What every reader has to know of the machine. Markdown. */
export function machineWarnings(view: CommentView): string[] {
  return [awayText(view), openText(view)].filter((text) => text !== "");
}

function openText({ hosting }: CommentView): string {
  if (hosting?.isIsolated !== false) return "";
  return "**Isolation is turned off on this machine** (`ISOLATION=none`): what Copilot runs there can reach everything that the bot or worker there can.";
}

function awayText(view: CommentView): string {
  const { id, hosting } = view;
  if (hosting === null || hosting.awaySince === null) return "";
  const [date, time] = [hosting.awaySince.slice(0, 10), hosting.awaySince.slice(11, 16)];
  const name = hosting.machine === null ? "" : ` ${codeName(hosting.machine)}`;
  return `**The administrator's machine${name} hasn't been reached since ${date} ${time} UTC.** When it's back, the session continues and gets the messages that you've sent. If that takes too long, comment \`/copilot stop ${id}\`, then ${waysToRetry(view)}.`;
}

/** Where a session of an admitted task runs, if that isn't where people expect it. One line of Markdown; "" for nothing. */
export function whySentence({ hosting }: CommentView): string {
  if (hosting?.why !== "cloud_blocked") return "";
  return `A Copilot policy blocks cloud sessions here, so this task uses ${machineName(hosting)}.`;
}

/**
 * Of a session that has no link: why GitHub refuses to show it, or where it is. One line of Markdown; "" for nothing.
 *
 * @param isReached whether commands still reach it
 */
export function sharingLine(view: CommentView, isReached: boolean): string {
  const { hosting, id, session } = view;
  if (hosting === null || session !== null || hosting.sharing === "never") return "";
  const { share } = hosting;
  if (share?.type === "refused") {
    const { sentence, remedy, needsChange } = explanationOf(view, share);
    const again = `${needsChange ? " Once that's fixed" : " To try again"}, ${shareCommand(view, id)}.`;
    return `**Not shown on GitHub:** ${sentence.replace(/\.$/u, "")} (\`${share.code}\`). ${remedy}${isReached ? again : ""} The session itself isn't affected.`;
  }
  return share?.type === "shared"
    ? `This session is on GitHub, in its owner's ${listOfSessions(view)}.`
    : "";
}

/** How a session gets on GitHub that isn't there. One line of Markdown; "" where it can't, or is about to be. */
export function howToShare(view: CommentView): string {
  const { hosting, id, session } = view;
  if (hosting === null || session !== null || isAway(view)) return "";
  const { share, sharing } = hosting;
  if (sharing === "never" || share?.type === "shared" || share?.type === "refused") return "";
  if (share === null && sharing === "always") return "";
  return `To see this session on GitHub, ${shareCommand(view, id)}.`;
}

/** Who shares the session, and how. Markdown. */
function shareCommand(view: CommentView, id: string): string {
  const owner = ownerLink(view);
  return `${owner === null ? "comment" : `${owner} can comment`} \`/copilot share ${id}\``;
}

/** What a task says whose session is on its way to a machine. One line of Markdown. */
export function placingSentence(hosting: Hosting): string {
  if (hosting.machine !== null) return `The session is starting on ${machineName(hosting)}.`;
  const labels = hostLabels(hosting);
  if (hosting.isUnserved) return unservedSentence(labels);
  const which = labels === "" ? "" : ` with ${labels}`;
  return `The session starts when one of the administrator's machines${which} has room for it.`;
}

/** @param labels what the machine must have; "" where any will do */
function unservedSentence(labels: string): string {
  if (labels === "")
    return "The session waits, because none of the administrator's machines is connected. It starts when the bot's administrator connects one.";
  return `The session waits, because none of the administrator's machines that are connected has ${labels}. It starts when the bot's administrator connects one that does (\`WORKER_LABELS\`). The policy says which labels a task needs (\`runs_on\`).`;
}

/** What the machine must have, e.g. `` the label `gpu` ``; "" for nothing. Markdown. */
export function hostLabels({ labels }: Pick<Hosting, "labels">): string {
  if (labels.length === 0) return "";
  return `${labels.length === 1 ? "the label" : "the labels"} ${labels.map(codeName).join(", ")}`;
}

/** Where a session runs, what it can reach, and what it has used; for the details. One line of Markdown each. */
export function hostingDetails(view: CommentView): string[] {
  const { hosting, session } = view;
  if (hosting === null) return [];
  const { egress, usage } = hosting;
  const which = hostLabels(hosting);
  const named = which === "" ? "" : `, chosen by ${which}`;
  const network = egress.length === 0 ? "none" : egress.map(codeName).join(", ");
  const isSeen = session !== null || hosting.share?.type === "shared";
  const unseen = `Not shown on GitHub${hosting.sharing === "never" ? " (`share: never`)" : ""}`;
  return [
    `Runs on ${machineName(hosting)}${ISOLATION[String(hosting.isIsolated)]}${named}`,
    ...(hosting.isIsolated === false ? [] : [`Network besides Copilot: ${network}`]),
    ...(hosting.machine === null ? [] : [isSeen ? seenBy(view) : unseen]),
    ...(hosting.push === "never" ? ["Commits aren't pushed (`push: never`)"] : []),
    ...(usage === null ? [] : [`Used ${usageText(usage)}`]),
  ];
}

/** Who can open the session on GitHub. */
function seenBy(view: CommentView): string {
  return `On GitHub, only ${ownerLink(view) ?? "the bot's account"} can open it`;
}

const ISOLATION: Readonly<Record<string, string>> = {
  true: ", isolated",
  false: ", not isolated (`ISOLATION=none`)",
  null: "",
};

/** What a session has used, in words. */
export function usageText(usage: NonNullable<Hosting["usage"]>): string {
  const { requests, inputTokens, outputTokens, linesAdded, linesRemoved } = usage;
  const many = requests === 1 ? "1 model request" : `${inDigits(requests)} model requests`;
  const lines =
    linesAdded + linesRemoved === 0
      ? ""
      : `; ${inDigits(linesAdded)} ${linesAdded === 1 ? "line" : "lines"} added, ${inDigits(linesRemoved)} removed`;
  return `${many}, ${inDigits(inputTokens)} input tokens, ${inDigits(outputTokens)} output tokens${lines}`;
}

function inDigits(count: number): string {
  return count.toLocaleString("en-US");
}
