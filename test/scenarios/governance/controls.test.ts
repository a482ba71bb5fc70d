import { describe, it } from "vitest";
import { COPILOT_ACCOUNT, asked, steady, useWorld } from "../world.ts";
import { answerIn, answerTo, askedAbout, newIssue, ONLY_A_REACTION } from "./story.ts";
import { silentAnswerTo, withPolicy } from "./story.ts";

const names = ["plain", "configured", "examined", "strangers", "more-strangers", "some"];
const world = useWorld({
  repositories: names.map((name) => ({ name })),
  people: { triager: "triage" },
  limited: true,
});

/** The commands that a help lists. */
function listedIn(text: string): string[] {
  return text.split("\n").filter((line) => line.startsWith("- **"));
}

describe.concurrent("/copilot help", () => {
  it("lists the commands, for `/copilot` alone too", async ({ expect }) => {
    const help = await answerIn(world, "writer", "plain", "/copilot help");
    expect(steady(help, world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 💡 Copilot commands

      Start a command at the beginning of a line in a comment. What follows it goes to Copilot. If a comment has several commands, only the first one counts. \`@copilot-task-bot\` means the same as \`/copilot\`, except for commands that the policy adds.

      **Start a task**

      - **\`/copilot triage\`**, or the label \`copilot:triage\`: Triages this issue or pull request. Example: \`/copilot triage look at the parser first\`
      - **\`/copilot fix\`**, or the label \`copilot:fix\`: Fixes the problem in this issue or pull request. Example: \`/copilot fix with a test for the empty file\`
      - **\`/copilot review\`**, or the label \`copilot:review\`: Reviews this pull request. Example: \`/copilot review focus on the error handling\`
      - **\`/copilot ask\`**: Answers a question about this issue or pull request. Example: \`/copilot ask where is the time zone decided?\`
      - **\`/copilot ok\`**: Approves the current head commit of a pull request from a fork, so Copilot can work on it.

      **Steer a task** (the newest one here, or the one whose id you add, like \`/copilot stop UUID8\`)

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
      - **\`/copilot disconnect\`**: Deletes what the bot stores about your Copilot, and stops following your sessions.

      <details><summary>Details</summary>

      - Requested by [writer](https://GITHUB/writer) with \`/copilot help\`
      - Repository \`octo-org/plain\`
      - Task \`UUID8\`

      </details>
      "
    `);
    const bare = await answerIn(world, "writer", "plain", "/copilot");
    expect(listedIn(help)).toHaveLength(19);
    expect(listedIn(bare)).toEqual(listedIn(help));
    expect(askedAbout(world, "plain")).toEqual([]);
  });
});

describe.concurrent("/copilot config", () => {
  it("shows each setting and where it comes from", async ({ expect }) => {
    await withPolicy(
      world,
      "configured",
      `forks: allow-after-ok
limits: { requester: { hour: 5 }, at_once: 2 }
labels: { "copilot:port": port, "copilot:review": null }
prompts: { port: Port it., fix: { path: fix.md } }
permissions:
  default: { allow: { users: [writer], teams: [octo-org/core] } }
  port: { label: { least: admin } }
`,
    );
    const config = await answerIn(world, "writer", "configured", "/copilot config");
    const shown = steady(config, world).replace(/version `[0-9a-f]{7}`/u, "version `COMMIT7`");
    expect(shown).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ⚙️ Copilot settings

      9 settings differ from the defaults:

      - \`forks\`: \`allow-after-ok\` (repository)
      - \`limits.requester.hour\`: \`5\` (repository)
      - \`limits.at_once\`: \`2\` (repository)
      - \`labels.copilot:port\`: \`port\` (repository)
      - \`prompts.fix\`: \`fix.md\` (repository)
      - \`prompts.port\`: a template of 8 characters (repository)
      - \`permissions.default.allow\`: \`writer\`, \`octo-org/core\` (repository)
      - \`permissions.port.label.least\`: \`admin\` (repository)
      - \`labels.copilot:review\`: none (repository)

      <details><summary>Settings with their default values (42)</summary>

      | setting | default value |
      | --- | --- |
      | \`context\` | \`trusted\` |
      | \`permissions_policy\` | \`ask\` |
      | \`on_close\` | \`keep\` |
      | \`check_run\` | \`false\` |
      | \`qr\` | \`true\` |
      | \`create_labels\` | \`true\` |
      | \`notify.waiting\` | \`true\` |
      | \`notify.failed\` | \`true\` |
      | \`notify.completed\` | \`false\` |
      | \`branches.eligible\` | every branch |
      | \`branches.issues\` | the default branch |
      | \`limits.requester.day\` | no limit |
      | \`limits.repository.hour\` | no limit |
      | \`limits.repository.day\` | no limit |
      | \`limits.organization.hour\` | no limit |
      | \`limits.organization.day\` | \`200\` |
      | \`session_limits.ai_credits\` | no limit |
      | \`model.default\` | Copilot's default |
      | \`reasoning_effort.default\` | Copilot's default |
      | \`identity.default\` | the requester's, if accounts can be connected; otherwise the bot's |
      | \`steering\` | \`owner\` |
      | \`runs_on.default\` | \`cloud\` |
      | \`share.default\` | \`always\` |
      | \`push.default\` | \`never\` |
      | \`push.fix\` | \`pull-request\` |
      | \`egress\` | none |
      | \`checkout\` | none |
      | \`trusted_apps\` | none |
      | \`labels_after.remove_trigger\` | \`false\` |
      | \`labels_after.running\` | none |
      | \`labels_after.failed\` | none |
      | \`labels.copilot:triage\` | \`triage\` |
      | \`labels.copilot:fix\` | \`fix\` |
      | \`commands.triage\` | \`triage\`: Triages this issue or pull request |
      | \`commands.fix\` | \`fix\`: Fixes the problem in this issue or pull request |
      | \`commands.review\` | \`review\`: Reviews this pull request |
      | \`commands.ask\` | \`ask\`: Answers a question about this issue or pull request |
      | \`prompts.triage\` | built in |
      | \`prompts.review\` | built in |
      | \`prompts.ask\` | built in |
      | \`permissions.default.least\` | \`write\` |
      | \`permissions.default.deny\` | nobody |

      </details>

      - \`.github/copilot-tasks.yml\` in this repository: version \`COMMIT7\`
      - \`.github/copilot-tasks.yml\` in the organization's \`.github\` repository: the bot can't see this repository

      <details><summary>Details</summary>

      - Requested by [writer](https://GITHUB/writer) with \`/copilot config\`
      - Repository \`octo-org/configured\`
      - Task \`UUID8\`

      </details>
      "
    `);
    expect(askedAbout(world, "configured")).toEqual([]);
  });
});

describe.concurrent("/copilot doctor", () => {
  it("shows what it found, and creates no session", async ({ expect }) => {
    const doctor = await answerIn(world, "writer", "examined", "/copilot doctor");
    expect(doctor).toContain("### 🩺 Copilot health check\n\nNo problems found.");
    expect(doctor).toContain("- **webhook settings:** http on one machine, JSON, with a secret");
    const passed = doctor
      .split("\n")
      .flatMap((line) => /^- \*\*(?<what>.+?):\*\* /u.exec(line)?.[1] ?? []);
    expect(doctor).toContain(`<details><summary>✅ ${passed.length} checks passed</summary>`);
    expect(passed).toEqual(
      expect.arrayContaining(["App", "installation", "Copilot runtime", "Mission Control"]),
    );
    expect(doctor).not.toContain("❌");
    const own = [
      world.github.webhookSecret,
      world.github.as(COPILOT_ACCOUNT).token,
      world.directory,
    ];
    for (const secret of own) expect(doctor).not.toContain(secret);
    // In this world nobody starts a session.
    expect(asked(world)).toEqual([]);
  });
});

describe.concurrent("questions about the bot", () => {
  // A person gets at most three reactions an hour in a repository.
  it.for([
    ["strangers", ["", " help", " config"]],
    ["more-strangers", [" doctor", " ok"]],
  ] as const)(
    "of people who can't start anything get only a reaction, in %s",
    async ([repo, commands], { expect }) => {
      const issue = await newIssue(world, repo);
      for (const login of ["reader", "triager", "stranger"]) {
        for (const command of commands) {
          const answer = await silentAnswerTo(world, login, issue, `/copilot${command}`);
          expect(answer).toEqual(ONLY_A_REACTION);
        }
      }
      expect(askedAbout(world, repo)).toEqual([]);
    },
  );

  it("of people who can start one thing are answered", async ({ expect }) => {
    await withPolicy(world, "some", "permissions: { ask: { command: { least: triage } } }");
    const issue = await newIssue(world, "some");
    const help = await answerTo(world, "triager", issue, "/copilot help");
    expect(help).toContain("- **`/copilot ask`**: ");
    expect(await answerTo(world, "triager", issue, "/copilot doctor")).toContain(
      "- **database:** ",
    );
    expect(await answerTo(world, "triager", issue, "/copilot asks")).toContain(
      "Did you mean `/copilot ask`?",
    );
    // Labels that they can't start anything with get a comment, because GitHub lets them add labels.
    expect(await answerTo(world, "triager", issue, "/copilot fix")).toContain(
      "You need write access",
    );
    expect(askedAbout(world, "some")).toEqual([]);
  });
});
