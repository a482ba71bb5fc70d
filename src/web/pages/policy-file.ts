import { branchInPath } from "../../core/github/repository-urls.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import { JSON_SCHEMA_PATH } from "../../core/policy/json-schema.ts";
import { POLICY_PATH } from "../../core/policy/schema.ts";

/** What a policy file begins with in GitHub's editor: nothing is in force that wasn't before. */
const BEGINNING = `#
# What the Copilot task bot does in this repository. What isn't said here has its default value.
#
# limits:
#   at_once: 5
# permissions:
#   fix: { least: maintain }
`;

/** Editors complete and check the file by that. */
function schemaLine(publicUrl: string): string {
  return `# yaml-language-server: $schema=${publicUrl}${JSON_SCHEMA_PATH}\n`;
}

/** Where a policy file is created. */
export interface PolicyFilePlace {
  readonly hosts: Pick<GitHubHosts, "web">;
  /** The bot's own origin. */
  readonly publicUrl: string;
}

/**
 * The address that opens a policy file in GitHub's editor, to be committed by whoever reads it.
 *
 * @param repository e.g. `octo-org/hello`
 */
export function newPolicyUrl(
  { hosts: { web }, publicUrl }: PolicyFilePlace,
  repository: string,
  branch: string,
): string {
  const query = new URLSearchParams({
    filename: POLICY_PATH,
    value: `${schemaLine(publicUrl)}${BEGINNING}`,
  });
  return `${web}/${repository}/new/${branchInPath(branch)}?${query.toString()}`;
}
