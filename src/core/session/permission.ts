import { effectOf, isKnownProgram } from "./command-effect.ts";
import type { Effect } from "./command-effect.ts";
import type { Asking, PermissionAsking } from "../task/asking.ts";
import type { Policy } from "../policy/policy.ts";

/** What the bot does with a request of the agent's: it answers, or people do. */
export type Verdict = "approve" | "deny" | "ask";

/**
 * What the policy says to a request of the agent's. Questions and plans are for people, and so is what
 * a managed policy of GitHub's wants people to answer.
 *
 * `deny-writes-to-default-branch` approves only what certainly doesn't write to that branch, denies what certainly
 * does, and leaves the rest to people. What makes such writes impossible is a protected branch.
 *
 * @param repository what the session works on, e.g. `octo-org/hello`: only of this one the default branch is known
 */
export function verdictOn(
  asking: Asking,
  policy: Policy["permissionsPolicy"],
  defaultBranch: string,
  repository: string,
): Verdict {
  if (asking.type !== "permission" || asking.managedApprovalRequired) return "ask";
  if (policy === "ask") return "ask";
  if (policy === "approve") return "approve";
  return VERDICTS[effectOn(asking, { branch: defaultBranch, repository })];
}

const VERDICTS: Record<Effect, Verdict> = { harmless: "approve", writes: "deny", unknown: "ask" };

/** What is to be kept from writes. */
interface Guarded {
  readonly branch: string;
  readonly repository: string;
}

function effectOn(asking: PermissionAsking, guarded: Guarded): Effect {
  const effect = effectByKind(asking, guarded);
  // Outside of the sandbox there may be other rights.
  return asking.leavesSandbox && effect === "harmless" ? "unknown" : effect;
}

function effectByKind(asking: PermissionAsking, guarded: Guarded): Effect {
  const { kind, command, path, url } = asking;
  const { branch } = guarded;
  if (branch === "") return "unknown";
  switch (kind) {
    case "shell":
      return command === null ? "unknown" : effectOf(command, branch);
    case "read":
      return "harmless";
    case "write":
      return path !== null && isOrdinaryFile(path) ? "harmless" : "unknown";
    case "url":
      // A query may make a server do something, and so may a password.
      return /^https:\/\/[^\s?@]+$/u.test(url ?? "") ? "harmless" : "unknown";
    case "mcp":
      return effectOfTool(asking, guarded);
    default:
      return asking.branch !== null && nameOf(asking.branch) === branch ? "writes" : "unknown";
  }
}

/** Where programs and their settings are. */
const SYSTEM_PATH = /^\/(?:bin|boot|dev|etc|lib|lib64|opt|proc|root|run|sbin|sys|usr|var)(?:\/|$)/u;

/** A path that names its directories in another way than others do: `/./etc`, `//etc`. */
const DETOUR = /\/\.?\//u;

/** With these a directory becomes a repository of its own, whose settings make git run programs. */
const OF_REPOSITORIES = new Set(["HEAD", "config", "config.worktree", "commondir", "gitdir"]);

/**
 * A file with which nothing that is approved later does something else: no settings, hooks or workflows, which
 * have names with a dot in front, no program, and nothing that makes a directory a bare repository.
 */
function isOrdinaryFile(path: string): boolean {
  if (!/^[\w./@+ -]+$/u.test(path) || SYSTEM_PATH.test(path) || DETOUR.test(path)) return false;
  const parts = path.split("/");
  const name = parts.at(-1) ?? "";
  if (isKnownProgram(name) || OF_REPOSITORIES.has(name)) return false;
  return !parts.some((part) => part.startsWith(".") && part !== ".");
}

/** GitHub's own MCP server, as Copilot names it. */
const GITHUB_TOOL = /^(?:github|github-mcp-server)\/(?<tool>\w+)$/u;
const WRITES_FILES = new Set(["push_files", "create_or_update_file", "delete_file"]);

function effectOfTool(asking: PermissionAsking, { branch, repository }: Guarded): Effect {
  const { tool, branch: given, readOnly } = asking;
  const own = GITHUB_TOOL.exec(tool ?? "")?.groups?.["tool"];
  // Only of GitHub's own server is it believed.
  if (own !== undefined && readOnly === true) return "harmless";
  if (given === null) return "unknown";
  if (nameOf(given) === branch) return "writes";
  // In another repository, another branch may be the default one.
  const named = asking.repository ?? null;
  if (named !== null && named.toLowerCase() !== repository.toLowerCase()) return "unknown";
  const isElsewhere = /^(?!refs\/|heads\/)[\w./-]+$/u.test(given.replace(/^refs\/heads\//u, ""));
  return own !== undefined && WRITES_FILES.has(own) && isElsewhere ? "harmless" : "unknown";
}

function nameOf(ref: string): string {
  return ref.replace(/^\+?(?:[^:]*:)?(?:refs\/)?(?:heads\/)?/u, "");
}
