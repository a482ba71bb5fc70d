import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { COMMANDS_DOCUMENT, commandsDocument } from "../../../script/commands.ts";
import { parseCommand } from "../../../src/core/command/parse.ts";
import { renderHelp } from "../../../src/core/comment/help.ts";
import { policyOf } from "../policy-text.ts";

test("docs/commands.md is what `node script/commands.ts` writes", () => {
  expect(readFileSync(COMMANDS_DOCUMENT, "utf8")).toBe(commandsDocument());
});

test("the help lists the commands and labels of a policy", () => {
  const policy = policyOf(`
labels: { copilot:triage: null, copilot:look: review, copilot:tidy: tidy }
commands:
  fix: null
  ask: { kind: ask, description: "a | b <b>@octocat</b>", example: "/copilot ask \`x\`" }
prompts: { tidy: Tidy up. }
`);
  expect(renderHelp(policy, null)).toMatchInlineSnapshot(`
    "Start a command at the beginning of a line in a comment. What follows it goes to Copilot. If a comment has several commands, only the first one counts.

    **Start a task**

    - **\`/copilot triage\`**: Triages this issue or pull request. Example: \`/copilot triage look at the parser first\`
    - **\`/copilot review\`**, or the label \`copilot:review\` or \`copilot:look\`: Reviews this pull request. Example: \`/copilot review focus on the error handling\`
    - **\`/copilot ask\`**: \`a \\| b <b>@octocat</b>\` Example: \`\` /copilot ask \`x\` \`\`
    - the label \`copilot:fix\`: Starts \`fix\`.
    - the label \`copilot:tidy\`: Starts \`tidy\`.
    - **\`/copilot ok\`**: Approves the current head commit of a pull request from a fork, so Copilot can work on it.

    **Steer a task** (the newest one here, or the one whose id you add, like \`/copilot stop 0b4f9bd6\`)

    - **\`/copilot status\`**: Updates the task's comment.
    - **\`/copilot send\`**: Sends the text that follows to the session.
    - **\`/copilot stop\`**: Stops the agent; you can still send messages to the session. Cancels a task that hasn't started.
    - **\`/copilot approve\`**: Approves the agent's request, or answers its question with the text that follows.
    - **\`/copilot deny\`**: Denies the agent's request, or declines its question.
    - **\`/copilot resume\`**: Follows a session again after the bot stopped following it.
    - **\`/copilot share\`**: Shows a session that runs on the administrator's own machine on GitHub, where its owner can see and steer it.
    - **\`/copilot unshare\`**: Stops showing such a session on GitHub. The session continues.
    - **\`/copilot retry\`**: Retries a failed task as a new one.

    **Ask about the bot**

    - **\`/copilot help\`**: Lists the commands and labels that work here.
    - **\`/copilot config\`**: Shows the effective settings, and where each comes from.
    - **\`/copilot doctor\`**: Checks the bot's settings and connections. Starts nothing and costs nothing.
    - **\`/copilot connect\`**: Links to the page where you connect your Copilot.
    - **\`/copilot disconnect\`**: Deletes what the bot stores about your Copilot, and stops following your sessions."
  `);
});

test("the parser finds each command that the help lists", () => {
  const listed = [
    ...renderHelp(policyOf(), "copilot-task-bot").matchAll(
      /^- \*\*`(?<usage>\/copilot [a-z]+)`/gmu,
    ),
  ];
  expect(listed.length).toBeGreaterThan(7);
  for (const { groups } of listed) {
    const usage = groups?.["usage"] ?? "";
    expect(parseCommand(usage)?.name).toBe(usage.split(" ")[1]);
  }
});
