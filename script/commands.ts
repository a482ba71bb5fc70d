// Writes docs/commands.md: the commands and labels that there are where no policy file says otherwise.
import { writeFileSync } from "node:fs";
import { commandTable } from "../src/core/help.ts";
import { mergePolicies } from "../src/core/policy/policy.ts";

/** Where the list is kept. */
export const COMMANDS_DOCUMENT = new URL("../docs/commands.md", import.meta.url);

/** The list, from the table that the parser and `/copilot help` read too. */
export function commandsDocument(): string {
  const merged = mergePolicies({ organisation: null, repository: null });
  if ("problems" in merged) throw new TypeError(JSON.stringify(merged.problems));
  return [
    "# Commands and labels",
    "",
    "What can be asked for where no policy file says otherwise; a repository can have others",
    "([governance.md](governance.md)), and `/copilot help` lists what there is in one. `node script/commands.ts`",
    "writes this file.",
    "",
    ...commandTable(merged.policy),
    "",
    "- A command stands at the start of a line of ordinary text, in a comment, a review or a comment on a line",
    "  of the diff; not in code, quotes, lists or HTML comments. `/triage` is short for `/copilot triage`, and",
    "  `/copilot` alone for `/copilot help`.",
    "- The rest of its line and the lines that follow, up to the next command, are for the agent.",
    "- A comment is one request: of several commands in it the first counts. Edited comments count no more.",
    "- Who may start what, the policy says. Answered are those who may start something, and about the policy itself everybody with write access.",
    "",
  ].join("\n");
}

if (import.meta.main) writeFileSync(COMMANDS_DOCUMENT, commandsDocument());
