import type { Merged } from "./policy.ts";
import { mergePolicies } from "./policy.ts";
import type { PolicyFile, Problem } from "./read.ts";
import { NO_TEXT, readPolicyFile } from "./read.ts";
import type { FileOwner } from "./sources.ts";

/** A policy file as it is at one commit: null text for what is no text, or far too large. */
export interface PolicyText {
  readonly text: string | null;
}

/** What a file makes of the policy. */
export type ExaminedPolicy =
  | (Extract<Merged, { readonly type: "policy" }> & { readonly file: PolicyFile | null })
  | { readonly type: "problems"; readonly problems: readonly Problem[] }
  /** The file is right by itself, but the organization's isn't, alone or together with it. */
  | { readonly type: "organization_wrong"; readonly problems: readonly Problem[] };

/**
 * Checks a policy file as tasks do that begin under it.
 *
 * @param found null where there's no file
 * @param organization the organization's file, for a repository's
 */
export function examinePolicy(
  found: PolicyText | null,
  of: FileOwner,
  organization: PolicyText | null = null,
): ExaminedPolicy {
  const own = fileIn(found, of);
  if (own.type === "problems") return own;
  const other = fileIn(of === "repository" ? organization : null, "organization");
  if (other.type === "problems") return { type: "organization_wrong", problems: other.problems };
  const files =
    of === "repository"
      ? { organization: other.file, repository: own.file }
      : { organization: own.file, repository: null };
  const merged = mergePolicies(files);
  if (merged.type === "policy") return { ...merged, file: own.file };
  const problems = merged.problems.filter((problem) => problem.of === of);
  return problems.length > 0
    ? { type: "problems", problems }
    : { type: "organization_wrong", problems: merged.problems };
}

/** A file's own mistakes, whatever other files say. */
export function mistakesIn(found: PolicyText | null, of: FileOwner): readonly Problem[] {
  const own = fileIn(found, of);
  return own.type === "problems" ? own.problems : [];
}

type FileFound =
  | { readonly type: "file"; readonly file: PolicyFile | null }
  | { readonly type: "problems"; readonly problems: readonly Problem[] };

function fileIn(found: PolicyText | null, of: FileOwner): FileFound {
  if (found === null) return { type: "file", file: null };
  if (found.text === null) return { type: "problems", problems: [NO_TEXT] };
  return readPolicyFile(found.text, of);
}
