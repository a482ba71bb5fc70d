import type { GitHubHosts } from "../../core/github/hosts.ts";
import { POLICY_PATH } from "../../core/policy/schema.ts";

/** What a policy file begins with in GitHub's editor: nothing is in force that wasn't before. */
const BEGINNING = `# What the Copilot task bot does in this repository. What isn't said here has its default value.
#
# limits:
#   at_once: 5
# permissions:
#   fix: { least: maintain }
`;

/**
 * The address that opens a policy file in GitHub's editor, to be committed by whoever reads it.
 *
 * @param repository e.g. `octo-org/hello`
 */
export function newPolicyUrl(
  { web }: Pick<GitHubHosts, "web">,
  repository: string,
  branch: string,
): string {
  const query = new URLSearchParams({ filename: POLICY_PATH, value: BEGINNING });
  // Half a character has no encoding: no branch has one, and no page fails for it.
  const path = branch.toWellFormed().split("/").map(encodeURIComponent).join("/");
  return `${web}/${repository}/new/${path}?${query.toString()}`;
}
