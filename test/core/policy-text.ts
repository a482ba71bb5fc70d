import type { Policy } from "../../src/core/policy/policy.ts";
import { mergePolicies } from "../../src/core/policy/policy.ts";
import { readPolicyFile } from "../../src/core/policy/read.ts";

/** The policy of a repository with this file, and no defaults of the organisation's. */
export function policyOf(text = ""): Policy {
  const read = readPolicyFile(text, "repository");
  if ("problems" in read) throw new TypeError(JSON.stringify(read.problems));
  const merged = mergePolicies({ organisation: null, repository: read.file });
  if ("problems" in merged) throw new TypeError(JSON.stringify(merged.problems));
  return merged.policy;
}
