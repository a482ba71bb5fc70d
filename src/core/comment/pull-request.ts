import type { GitHubHosts } from "../github/hosts.ts";
import { subjectPage } from "../github/repository-urls.ts";
import { allowedPage } from "../session/page-link.ts";
import { sessionPlace } from "../session/link.ts";
import type { Task } from "../task/task.ts";
import { cleanLine, cut } from "../text/plain.ts";
import { codeName } from "../text/quote.ts";
import { safeAsText, withoutReferences } from "../text/references.ts";
import { safeMarkdown } from "../text/safe-markdown.ts";
import { paragraphs } from "./alert.ts";
import { personLink } from "./links.ts";

/** What a pull request of an agent's commits is about. */
interface PullRequestFacts {
  readonly task: Pick<Task, "id" | "decision" | "place" | "requester" | "session" | "subject">;
  readonly title: string;
  readonly hosts: GitHubHosts;
}

/** GitHub takes 256 characters. */
const MAX_TITLE = 150;
const MAX_SAID = 6_000;

/**
 * The title and the body, in Markdown, of the pull request for an agent's commits. Others' words in it mention nobody, and
 * close nothing: neither on GitHub nor in the commit that a squash makes of them.
 *
 * @param title of the task's issue or pull request, as its author wrote it
 */
export function pullRequestOf(
  task: PullRequestFacts["task"],
  title: string,
  hosts: GitHubHosts,
): { readonly title: string; readonly body: string } {
  const facts = { task, title, hosts };
  return { title: titleOf(facts), body: bodyOf(facts) };
}

function titleOf(facts: PullRequestFacts): string {
  const { place, subject } = facts.task;
  const where = place.movedFrom === null ? "" : `${place.owner}/${place.repository}`;
  const about = `${isFix(facts) ? "Fix" : "Work on"} ${where}#${subject.number}`;
  const title = cut(withoutReferences(cleanLine(facts.title, Infinity).text), MAX_TITLE);
  return title === "" ? about : `${about}: ${title}`;
}

/** Whether merging it closes the issue. One that was transferred is in another repository than the commits. */
function isFix({ task: { decision, place, subject } }: PullRequestFacts): boolean {
  return decision.kind === "fix" && subject.type === "issue" && place.movedFrom === null;
}

function bodyOf(facts: PullRequestFacts): string {
  const { task, hosts } = facts;
  const { number } = task.subject;
  const session = sessionPlace(task.session, hosts);
  const links = [
    session === null ? null : `[Open session](${session.url})`,
    hosts.publicUrl === null ? null : `[Open task](${hosts.publicUrl}/tasks/${task.id})`,
  ].filter((link) => link !== null);
  return paragraphs(
    isFix(facts) ? `Fixes #${number}` : null,
    `${requested(facts)} Copilot wrote these commits in a session on the bot administrator's own machine. Review them before you mark this pull request as ready.`,
    links.length === 0 ? null : links.join(" · "),
    saidLines(facts),
    `Task \`${task.id}\``,
  ).join("\n");
}

function requested({ task, hosts }: PullRequestFacts): string {
  const { decision, place, requester, subject } = task;
  const what = subject.type === "issue" ? "issue" : "pull request";
  const kind = codeName(decision.kind ?? "");
  const page = subjectPage(hosts, place, subject);
  const named = kind === "" ? "" : ` with the task ${kind}`;
  return `${personLink(requester.login, hosts)} asked for this in [${what} #${subject.number}](${page})${named}.`;
}

function saidLines({ task, hosts }: PullRequestFacts): string | null {
  const said = task.session.progress.said ?? "";
  const { quote, isCut } = safeMarkdown(said, MAX_SAID, (url) => allowedPage(url, hosts));
  if (quote === "") return null;
  const shown = safeAsText(quote, hosts.web);
  const more = isCut ? ["", "_The session has the rest._"] : [];
  return [
    "<details><summary>What Copilot said</summary>",
    "",
    shown,
    ...more,
    "",
    "</details>",
  ].join("\n");
}
