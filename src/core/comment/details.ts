import { codeName } from "../text/quote.ts";
import type { SessionSetting } from "../task/session.ts";
import { hostingDetails } from "./hosted.ts";
import { ownerLink, personLink } from "./links.ts";
import { branchLink } from "./publication.ts";
import type { CommentState, CommentView } from "./view.ts";
import { providedAccount } from "../policy/identity-choice.ts";

/** Everything that not every reader needs, folded. Markdown lines. */
export function detailLines(view: CommentView): string[] {
  const items = [
    requested(view),
    place(view),
    view.movedFrom === null ? null : `Transferred from ${codeName(view.movedFrom)}`,
    otherBranch(view),
    identity(view),
    ...hostingDetails(view),
    pushedDetail(view),
    ...view.settings.map(setting),
    view.leftOut === null ? null : `Prompt: ${view.leftOut}`,
    steering(view),
    view.denial === null ? null : `Reason \`${view.denial}\``,
    `Task \`${view.id}\``,
  ].filter((item) => item !== null);
  return [
    "<details><summary>Details</summary>",
    "",
    ...items.map((item) => `- ${item}`),
    "",
    "</details>",
  ];
}

const SETTINGS = { model: "Model", reasoning_effort: "Reasoning effort" } as const;

/** What the policy set for the kind: the session has confirmed it, or not. */
function setting({ name, value, isTaken }: SessionSetting): string {
  const what = `${SETTINGS[name]} ${codeName(value)}`;
  return isTaken ? what : `${what} wasn't confirmed by the session, so it may use another one`;
}

function requested({ requester, label, command, isFromPage, hosts }: CommentView): string {
  const by = personLink(requester, hosts);
  const how =
    label === null ? codeName(`/copilot ${command ?? ""}`) : `the label ${codeName(label)}`;
  return `Requested by ${by} with ${how}${isFromPage ? " (on the page)" : ""}`;
}

/** Who is charged, and whose rights the session has. */
function identity(view: CommentView): string | null {
  const { identity: whose, requester, session, hosting, hosts, state } = view;
  // Until it's connected, there's none.
  if (whose === null || state.type === "connect") return null;
  if (whose !== "requester") return `Copilot of ${providedAccount(whose).account}`;
  const isSaid = session === null || hosting !== null;
  const page = isSaid ? "" : "; GitHub may show the session only to them";
  return `Copilot of ${personLink(requester, hosts)}${page}`;
}

function place({ repository, branch, commit, hosts }: CommentView): string {
  const parts = [`Repository ${codeName(repository)}`];
  if (branch !== null) parts.push(`branch ${codeName(branch)}`);
  if (commit !== null) {
    parts.push(`commit [\`${commit.slice(0, 7)}\`](${hosts.web}/${repository}/commit/${commit})`);
  }
  return parts.join(", ");
}

/** Another branch than the prompt's is what the session was created with; the prompt names the right one. */
function otherBranch({ checkedOut, branch, state, hosting }: CommentView): string | null {
  // On the administrator's machine, it's the task's own branch.
  if (hosting !== null) return null;
  if (state.type !== "session" || checkedOut.branch === null || checkedOut.branch === branch) {
    return null;
  }
  return `The session started on branch ${codeName(checkedOut.branch)}. Its prompt asks it to check out ${codeName(branch ?? "")} first.`;
}

/** Where the agent's commits are. */
function pushedDetail(view: CommentView): string | null {
  const branch = branchLink(view);
  return branch === null ? null : `Commits pushed to ${branch}`;
}

/** The commands that the session takes now. */
function steering(view: CommentView): string | null {
  const { state, id } = view;
  if (!hasCommands(state)) return null;
  const owner = ownerLink(view);
  const whose = owner === null ? "" : ` (for ${owner})`;
  const unshare =
    view.hosting === null || view.session === null ? "" : `, \`/copilot unshare ${id}\`${whose}`;
  return `Commands: \`/copilot send ${id} …\`${whose}, \`/copilot stop ${id}\`, \`/copilot status ${id}\`${unshare}`;
}

function hasCommands(state: CommentState): boolean {
  return (
    state.type === "session" &&
    state.session.phase !== "sending" &&
    state.session.phase !== "started" &&
    state.session.unfollowed === null
  );
}
