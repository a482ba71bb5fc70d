import type { Asking, PermissionAsking } from "./observation.ts";
import type { Policy } from "./policy/policy.ts";

/** What the bot does with a request of the agent's: it answers, or people do. */
export type Verdict = "approve" | "deny" | "ask";

/**
 * What the policy says to a request of the agent's. Questions and plans are for people, and so is what
 * a managed policy of GitHub's wants people to answer.
 *
 * That a request writes to the default branch is read off the command or the branch that it names: this
 * keeps a session from doing so by accident; what makes it impossible is a protected branch.
 */
export function verdictOn(
  asking: Asking,
  policy: Policy["permissionsPolicy"],
  defaultBranch: string,
): Verdict {
  if (asking.type !== "permission" || asking.managedApprovalRequired) return "ask";
  if (policy === "ask") return "ask";
  if (policy === "approve") return "approve";
  if (writesTo(asking, defaultBranch)) return "deny";
  return mayWriteAnywhere(asking) ? "ask" : "approve";
}

/** What cannot be read off is for people: commands in commands, and tools that name no branch. */
function mayWriteAnywhere({ kind, branch, command, readOnly }: PermissionAsking): boolean {
  if (readOnly === true) return false;
  if (kind === "mcp" && branch === null) return true;
  return command !== null && OPAQUE.test(command);
}

const OPAQUE =
  /\beval\b|\b(?:ba|da|z|k)?sh\s+(?:-\S+\s+)*-\w*c\b|\bgh\s+api\b.*\s(?:-X|--method|-f|-F|--field|--raw-field|--input)\b/su;

function writesTo(asking: PermissionAsking, branch: string): boolean {
  if (asking.readOnly === true) return false;
  if (asking.branch !== null && nameOf(asking.branch) === branch) return true;
  return asking.command !== null && commandWritesTo(asking.command, branch);
}

function nameOf(ref: string): string {
  return ref.replace(/^\+?(?:[^:]*:)?(?:refs\/heads\/)?/u, "");
}

/** What ends one command of a shell and begins the next. */
const BETWEEN = /&&|\|\||[;|&\n()`]/u;

function commandWritesTo(command: string, branch: string): boolean {
  return command.split(BETWEEN).some((part) => {
    const words = part.trim().split(/\s+/u);
    if (isCall(words, "gh", "merge")) return true;
    return isCall(words, "git", "push") && pushesTo(words, branch);
  });
}

/** Options may stand between the program and what it is to do. */
function isCall(words: readonly string[], program: string, verb: string): boolean {
  const at = words.findIndex((word) => word === program || word.endsWith(`/${program}`));
  return at !== -1 && words.includes(verb, at);
}

/** A push that names no other branch may go anywhere. */
function pushesTo(words: readonly string[], branch: string): boolean {
  const given = words.slice(words.indexOf("push") + 1).map((word) => word.replaceAll(/["']/gu, ""));
  if (given.includes("--all") || given.includes("--mirror")) return true;
  const [_remote, ...refs] = given.filter((word) => !word.startsWith("-"));
  const named = refs.map(nameOf);
  return named.length === 0 || named.some((name) => name === branch || name === "HEAD");
}
