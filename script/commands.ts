import { writeFileSync } from "node:fs";
import type { ControlName, SessionCommandName } from "../src/core/command/table.ts";
import { CONTROLS, SESSION_COMMANDS } from "../src/core/command/table.ts";
import { commandTable } from "../src/core/comment/help.ts";
import { mergePolicies } from "../src/core/policy/policy.ts";
import { program } from "./lib/program.ts";

const [RUNS, HINT, NOTHING] = ["runs", "a reply", "nothing"] as const;

/** How commands can be written, and what happens. */
const WRITTEN: readonly (readonly [how: string, result: string])[] = [
  ["`/copilot triage`, with any kind of spaces and invisible characters", RUNS],
  [
    "`@copilot-task-bot triage`, `@copilot-task-bot[bot]: triage`, `@copilot-task-bot /copilot triage`, in any case",
    RUNS,
  ],
  ["`/copilot triage: look`, `/copilot triage.`, `/triage!`, `/copilot triage，看看`", RUNS],
  ["`／copilot triage`, and other full-width or styled letters", RUNS],
  ["below an image, a closed `<details>`, or an HTML element that has ended", RUNS],
  [
    "in `code`, **bold**, or *italic*, with or without text after it; a link, a heading (`#`)",
    HINT,
  ],
  ["a comment that is only a code block with one command", HINT],
  ["directly below a quote, a list, a table, or a footnote, without a blank line in between", HINT],
  [
    "an item of a list or a task list (in several items they count as examples, and nothing happens)",
    HINT,
  ],
  [
    "after a mention of somebody else (`@copilot /copilot triage`), in quotation marks or parentheses",
    HINT,
  ],
  [
    "indented by four spaces or more in a paragraph; in an HTML element such as `<b>` or `<li>`",
    HINT,
  ],
  [
    "`/copilot-triage`, `/copilot:triage`, `/copilottriage`, `/ copilot triage`, `/co-pilot triage`",
    HINT,
  ],
  ["below a signature (`--`), or below what may be a quoted email", HINT],
  ["below more than 1,000 Markdown marks", HINT],
  ["an unknown name: `/copilot triag`, `/copilot 42`", HINT],
  [
    "in a quote (`>`), `<blockquote>`, a closed `<details>`, `<pre>`, `<code>`, a hidden element",
    NOTHING,
  ],
  [
    "in code with other text around it, an HTML comment, a table cell, a footnote, `$$` math",
    NOTHING,
  ],
  ["struck through; after a backslash; `copilot triage` without a slash", NOTHING],
  ["in the middle or at the end of a sentence", NOTHING],
  ["other words after a mention of the bot, or below one: `@copilot-task-bot thanks!`", NOTHING],
  ["in an email quoted by a reply, and in the bot's own help", NOTHING],
];

/** Of the commands about the bot itself, which belong to no kind of task. */
const WHO_ASKS: Readonly<Record<(typeof CONTROLS)[ControlName]["who"], string>> = {
  starters: "anyone who can start a task here, and anyone with write access",
  maintainers: "anyone who can start a task here and has maintain access",
};

/** Of the commands to a task. */
const WHO_STEERS: Readonly<Record<(typeof SESSION_COMMANDS)[SessionCommandName]["who"], string>> = {
  starters: "anyone who can start a task of that kind",
  writers: "anyone who can start a task of that kind and has write access",
  requester:
    "anyone who can start a task of that kind, and the person who started the task, even if they've lost access since",
};

/** Who can use which of the bot's own commands: a line for each group. */
function whoCanUse(): string[] {
  return [
    ...groups(SESSION_COMMANDS, ({ who }) => WHO_STEERS[who]),
    ...groups(CONTROLS, ({ who }) => WHO_ASKS[who]),
  ];
}

function groups<Words>(table: Readonly<Record<string, Words>>, who: (words: Words) => string) {
  const named = Map.groupBy(Object.entries(table), ([, words]) => who(words));
  return [...named].map(([people, commands]) => {
    const names = commands.map(([name]) => `\`${name}\``).join(", ");
    return `- ${names}: ${people}.`;
  });
}

/** The commands that use the Copilot of the session's owner. */
function ownersCommands(): string {
  const names = Object.entries(SESSION_COMMANDS)
    .filter(([, { isOwners }]) => isOwners)
    .map(([name]) => `\`${name}\``);
  return new Intl.ListFormat("en-US").format(names);
}

/** Where the list is kept. */
export const COMMANDS_DOCUMENT = new URL("../docs/commands.md", import.meta.url);

/** What's to be known of all commands. */
const NOTES = [
  "- Write a command at the start of a line of ordinary text, in a comment, a review, or a comment on a line of the",
  "  diff. `/triage` is short for `/copilot triage`, and `/copilot` alone for `/copilot help`.",
  "- A mention of the bot means the same as `/copilot`: `@copilot-task-bot triage`. Its name is the App's, as in",
  "  `https://github.com/apps/copilot-task-bot`; `/copilot help` shows it. In the first moments after the bot has started,",
  "  it may not know its own name yet: then GitHub sends the comment again a few minutes later.",
  "  After a mention, only the commands above count. Those that your policy adds need `/copilot`.",
  "- The rest of the line and the lines below it, up to the next command, are instructions for the agent.",
  "- A comment is one request. If it has several commands, only the first counts. Editing a comment does nothing.",
  "- `status`, `send`, `stop`, `approve`, `deny`, `resume`, `share`, `unshare`, and `retry` apply to the newest task of",
  "  the issue or pull request. To choose another one, add at least the first eight digits of its id, which the task's",
  "  comment shows, like `/copilot stop 0b4f9bd6`. If there's no such task, the bot replies with a list of the",
  "  tasks here and changes nothing.",
  "- The newest task may be waiting, or the bot may be retrying its start. You can't retry it until it's over.",
  "  While it has no session, `send`, `approve`, `deny`, `resume`, `share`, and `unshare` apply to the newest session that",
  "  the bot follows. `stop` skips tasks that have ended, and only `retry` applies to a task that ended without a session.",
  "  A task that's being retried can't be retried a second time. If several retries of it are requested before the first",
  "  one is over, one of them starts a session.",
  "- `share` and `unshare` are for sessions on the administrator's own machine: the others are on GitHub anyway. Only the",
  "  owner of the session's Copilot can open it there.",
  "- The buttons on a task's page give the same commands, and the same people can use them. The comment says who pressed",
  "  one: “(on the page)”. `approve` and `deny` answer the request that the page showed. If the bot doesn't do what a button",
  "  asks for, only the page says why.",
  "- A command in a comment that also closes the issue or pull request gets a reply, but starts nothing.",
  "- When a session waits for an answer or has failed, the bot mentions the person who started the task in a new comment,",
  "  with the commands to answer, and deletes that comment afterward. See `notify` in [governance.md](governance.md).",
  "- You can only answer some requests in Mission Control, on the session's own page: forms, requests that are too long to",
  "  show or may contain a credential, and questions and plans from before the bot was restarted. The comment says so.",
];

/** The list, from the table that the parser and `/copilot help` read too. */
export function commandsDocument(): string {
  const merged = mergePolicies({ organization: null, repository: null });
  if (merged.type === "problems") throw new TypeError(JSON.stringify(merged.problems));
  return [
    "# Commands and labels",
    "",
    "These commands and labels work without a policy file. A repository can define others",
    "([governance.md](governance.md)); `/copilot help` lists the ones that work there.",
    "",
    "<!-- `node script/commands.ts` writes this file. -->",
    "",
    ...commandTable(merged.policy),
    "",
    ...NOTES,
    "",
    "## Who can use them",
    "",
    "[The policy](governance.md#permissions) says who can start which kind of task, with a label or a command. For the",
    "others:",
    "",
    ...whoCanUse(),
    "",
    `If a session uses its requester's own Copilot, only the requester can use ${ownersCommands()} on it, unless the`,
    "policy says [`steering: writers`](governance.md#every-key).",
    "",
    "## What counts as a command",
    "",
    "If you clearly mean a command, the bot runs it. If you may have meant one, the bot runs nothing and replies with what",
    "to change. Only people who can start a task get that reply. If it's someone else's text, the bot does nothing.",
    "",
    "| written | what happens |",
    "| --- | --- |",
    ...WRITTEN.map(([how, result]) => `| ${how} | ${result} |`),
    "",
    "GitHub doesn't mark comments that were sent by email. So the bot looks for the beginning of a quoted message:",
    "a block of headers (`From:`, `Sent:`, `Subject:`), `-----Original Message-----`, or a line in any language with an",
    "address and a time that ends with a colon, like `On Mon, Nov 23, 2026 at 10:00 octocat <…> wrote:`. Everything below it",
    "is someone else's. If the mail program puts `>` before quoted lines, what's below them counts as yours. A line like",
    "`On Monday he wrote:` has no address and no time, so it changes nothing.",
    "",
  ].join("\n");
}

if (import.meta.main) {
  program(
    "node script/commands.ts",
    "Writes docs/commands.md. Run it after changing a command or a default label, then npm run format.",
  ).parse();
  writeFileSync(COMMANDS_DOCUMENT, commandsDocument());
}
