import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { COMMANDS_DOCUMENT, commandsDocument } from "../../script/commands.ts";
import { parseCommand } from "../../src/core/parse-command.ts";
import { renderHelp } from "../../src/core/help.ts";
import { policyOf } from "./policy-text.ts";

test("docs/commands.md is what `node script/commands.ts` writes", () => {
  expect(readFileSync(COMMANDS_DOCUMENT, "utf8")).toBe(commandsDocument());
});

test("the help tells the commands and labels of a policy", () => {
  const policy = policyOf(`
labels: { copilot:triage: null, copilot:look: review, copilot:tidy: tidy }
commands:
  fix: null
  ask: { kind: ask, description: "a | b <b>@octocat</b>", example: "/copilot ask \`x\`" }
prompts: { tidy: Tidy up. }
`);
  expect(renderHelp(policy)).toMatchInlineSnapshot(`
    "| what | what it does |
    | --- | --- |
    | \`/copilot triage\` | Triages this issue or pull request. E.g. \`/copilot triage look at the parser first\` |
    | \`/copilot review\`, or the label \`copilot:review\` or \`copilot:look\` | Reviews this pull request. E.g. \`/copilot review above all the error handling\` |
    | \`/copilot ask\` | \`a \\| b <b>@octocat</b>\` E.g. \`\` /copilot ask \`x\` \`\` |
    | the label \`copilot:fix\` | Starts \`fix\` |
    | the label \`copilot:tidy\` | Starts \`tidy\` |
    | \`/copilot status\` | Brings the comment of the task up to date. |
    | \`/copilot send\` | Writes what follows to the session. |
    | \`/copilot stop\` | Stops what the agent is doing, or a task before it begins. The session stays, and can be written to. |
    | \`/copilot approve\` | Allows what the agent asks for, or answers its question with what follows. |
    | \`/copilot deny\` | Does not allow what the agent asks for, or declines its question. |
    | \`/copilot resume\` | Follows a session again that the bot no longer follows. |
    | \`/copilot retry\` | Tries a failed task again, as a new one. |
    | \`/copilot help\` | Tells which commands and labels there are here. |
    | \`/copilot config\` | Tells which settings are in force here, and from where each comes. |
    | \`/copilot doctor\` | Checks the bot's settings and connections. Starts nothing and costs nothing. |
    | \`/copilot ok\` | Lets Copilot work on the present head commit of a pull request from a fork. |

    A command counts at the start of a line of a comment. What follows it, up to the next command, is for the agent."
  `);
});

test("each command that the help tells is heard by the parser", () => {
  const told = [...renderHelp(policyOf()).matchAll(/^\| `(?<usage>\/copilot [a-z]+)[^`]*`/gmu)];
  expect(told.length).toBeGreaterThan(7);
  for (const { groups } of told) {
    const usage = groups?.["usage"] ?? "";
    expect(parseCommand(usage)?.name).toBe(usage.split(" ")[1]);
  }
});
