import { branchInPath, comparePage } from "../github/repository-urls.ts";
import { usableLink } from "../session/link.ts";
import { ownPull } from "../session/page-link.ts";
import { codeName } from "../text/quote.ts";
import type { Publication, Pushed } from "../task/hosting.ts";
import { pushedOf } from "../task/hosting.ts";
import type { PushStop } from "../workspace/push-check.ts";
import { clearCode } from "./clear-code.ts";
import { pageLink } from "./links.ts";
import { waysToRetry } from "./retry.ts";
import type { CommentView } from "./view.ts";

type NotPushed = Exclude<Publication, Pushed>;

/** Why commits weren't pushed, and what to do while commands reach the session. */
interface Stop {
  readonly why: string;
  /** What people do. */
  readonly cure: string;
}

const STOPS: Record<Exclude<PushStop, "nothing_committed">, Stop> = {
  unreadable: {
    why: "Copilot's commits can't be read or are damaged",
    cure: "Ask Copilot to commit its changes again.",
  },
  not_based_on_start: {
    why: "Copilot's commits don't build on the commit that the task started from",
    cure: "Ask Copilot to commit its changes on top of that one.",
  },
  too_large: {
    why: "Copilot's commits are larger than the bot examines",
    cure: "Ask Copilot to leave large files out of all commits of its branch.",
  },
  workflow_changes: {
    why: "Copilot's commits change `.github/workflows` or `.github/actions`, which run with the repository's secrets",
    cure: "Ask Copilot to leave these changes out of all commits of its branch.",
  },
  credentials: {
    why: "One of Copilot's commits contains something that looks like a credential: if it's a real one, revoke it",
    cure: "Ask Copilot to leave it out of all commits of its branch.",
  },
  lfs_changes: {
    why: "Copilot's commits change or add files in Git LFS, which the bot doesn't upload",
    cure: "Ask Copilot to leave these files out of all commits of its branch.",
  },
  submodule_changes: {
    why: "Copilot's commits change or add submodules, to which the bot doesn't push",
    cure: "Ask Copilot to leave these changes out of all commits of its branch.",
  },
  foreign_commits: {
    why: "The task's branch has commits that aren't Copilot's",
    cure: "Delete that branch, or move these commits to another one. The bot tries again when Copilot has worked again.",
  },
};

/**
 * Pull requests of a session, first the one that the bot opened; or else the branch that it pushed, and where a pull
 * request can be opened from it: some repositories have no drafts. Only those of the
 * task's own repository are linked. Markdown; null for none.
 *
 * @param addresses of pull requests that came up
 */
export function resultLinks(view: CommentView, addresses: readonly string[]): string | null {
  const { repository, hosts } = view;
  const draft = pushedOf(view.hosting)?.pull?.number ?? null;
  const others = addresses.flatMap((address) => {
    const own = ownPull(address, repository, hosts);
    if (own === null) return [clearCode(address)];
    return own.number === String(draft) ? [] : [`[#${own.number}](${own.url})`];
  });
  const opened =
    draft === null ? [] : [`[#${draft}](${hosts.web}/${repository}/pull/${draft}) (draft)`];
  const all = [...opened, ...others];
  if (all.length > 0)
    return `**${all.length === 1 ? "Pull request" : "Pull requests"}:** ${all.join(", ")}`;
  const branch = branchLink(view);
  const opening = openingLink(view);
  const more = opening === null ? "" : ` (${opening})`;
  return branch === null ? null : `**Branch:** ${branch}${more}`;
}

/** Where people open the pull request that the policy wants and the bot hasn't opened; null where it wants none. */
function openingLink(view: CommentView): string | null {
  const publication = pushedOf(view.hosting);
  const { branch: base, hosting, hosts, repository: fullName } = view;
  if (publication === null || base === null || hosting?.push !== "pull-request") return null;
  const [owner = "", repository = ""] = fullName.split("/");
  const branches = { base, branch: publication.branch };
  return pageLink(
    "open a pull request",
    usableLink(comparePage(hosts, { owner, repository }, branches)),
  );
}

/** The branch that has the agent's commits, as a link; null where none has. Markdown. */
export function branchLink(view: CommentView): string | null {
  const publication = pushedOf(view.hosting);
  if (publication === null) return null;
  const { branch } = publication;
  const path = branchInPath(branch);
  const { hosts, repository } = view;
  return pageLink(codeName(branch), usableLink(`${hosts.web}/${repository}/tree/${path}`));
}

/**
 * What became of the agent's commits, without a pull request: the branch, or why there's none and what to do. One
 * paragraph of Markdown; "" where there's nothing to say.
 *
 * @param isReached whether commands still reach the session
 */
export function publishedText(view: CommentView, isReached: boolean): string {
  const publication = view.hosting?.publication ?? null;
  switch (publication?.type) {
    case "stopped":
      return stoppedText(view, publication, isReached);
    case "failed": {
      const said = clearCode(publication.detail);
      const answer = said === "" ? "" : `: ${said}`;
      const again = isReached ? " The bot keeps trying while it follows the session." : "";
      return isFirst(publication)
        ? `**Not pushed:** Pushing Copilot's commits failed${answer}.${again}`
        : `**Not up to date:** Publishing Copilot's newest commits failed${answer}.${again}`;
    }
    case "pushed":
    case undefined:
      return "";
    default:
      return publication satisfies never;
  }
}

/** Whether nothing was pushed before. */
function isFirst({ before = null }: NotPushed): boolean {
  return before === null;
}

function stoppedText(
  view: CommentView,
  stopped: Extract<NotPushed, { type: "stopped" }>,
  isReached: boolean,
): string {
  const { reason } = stopped;
  if (reason === "nothing_committed") {
    return isFirst(stopped)
      ? "Copilot has committed nothing, so there's nothing to push."
      : "Copilot has dropped all of its commits, so there's nothing new to push.";
  }
  const { why, cure } = STOPS[reason];
  const what = isFirst(stopped) ? "Not pushed" : "Newest commits not pushed";
  return `**${what}:** ${why}. ${isReached ? cure : `To start over, ${waysToRetry(view)}.`}`;
}
