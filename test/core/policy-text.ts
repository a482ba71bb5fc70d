import type { Policy } from "../../src/core/policy/policy.ts";
import { mergePolicies } from "../../src/core/policy/policy.ts";
import { readPolicyFile } from "../../src/core/policy/read.ts";

/** The policy of a repository with this file, and no organization defaults's. */
export function policyOf(text = ""): Policy {
  const read = readPolicyFile(text, "repository");
  if (read.type === "problems") throw new TypeError(JSON.stringify(read.problems));
  const merged = mergePolicies({ organization: null, repository: read.file });
  if (merged.type === "problems") throw new TypeError(JSON.stringify(merged.problems));
  return merged.policy;
}
