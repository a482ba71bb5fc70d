import { describe, it } from "vitest";
import { asked, steady, useWorld } from "../world.ts";
import { answerIn, answerTo, askedAbout, newIssue, ONLY_A_REACTION } from "./story.ts";
import { silentAnswerTo, withPolicy } from "./story.ts";

const names = ["plain", "configured", "examined", "strangers", "some"];
const world = useWorld({
  repositories: names.map((name) => ({ name })),
  people: { triager: "triage" },
});

/** The rows of the tables in a text. */
function rowsOf(text: string): string[] {
  return text.split("\n").filter((line) => line.startsWith("|"));
}

describe.concurrent("/copilot help", () => {
  it("lists what there is, for a bare command too", async ({ expect }) => {
    const help = await answerIn(world, "writer", "plain", "/copilot help");
    expect(steady(help, world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### Copilot tasks: help

      | what | what it does |
      | --- | --- |
      | \`/copilot triage\`, or the label \`copilot:triage\` | Triages this issue or pull request. E.g. \`/copilot triage look at the parser first\` |
      | \`/copilot fix\`, or the label \`copilot:fix\` | Mends what this issue or pull request is about. E.g. \`/copilot fix with a test for the empty file\` |
      | \`/copilot review\`, or the label \`copilot:review\` | Reviews this pull request. E.g. \`/copilot review above all the error handling\` |
      | \`/copilot ask\` | Answers a question about this issue or pull request. E.g. \`/copilot ask where is the time zone decided?\` |
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

      A command counts at the start of a line of a comment. What follows it, up to the next command, is for the agent.

      <sub>Asked by [writer](https://GITHUB/writer) (command \`/copilot help\`) · repository \`octo-org/plain\` · task \`UUID8\`</sub>
      "
    `);
    const bare = await answerIn(world, "writer", "plain", "/copilot");
    expect(rowsOf(bare)).toEqual(rowsOf(help));
    expect(askedAbout(world, "plain")).toEqual([]);
  });
});

describe.concurrent("/copilot config", () => {
  it("tells each setting and from where it comes", async ({ expect }) => {
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
    expect(steady(config, world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### Copilot tasks: config

      | setting | value | from |
      | --- | --- | --- |
      | \`forks\` | \`allow-after-ok\` | repository |
      | \`context\` | \`trusted\` | built in |
      | \`permissions_policy\` | \`ask\` | built in |
      | \`on_close\` | \`keep\` | built in |
      | \`check_run\` | \`false\` | built in |
      | \`branches.eligible\` | \`every branch\` | built in |
      | \`branches.issues\` | \`the default branch\` | built in |
      | \`limits.requester.hour\` | \`5\` | repository |
      | \`limits.requester.day\` | \`no limit\` | built in |
      | \`limits.repository.hour\` | \`no limit\` | built in |
      | \`limits.repository.day\` | \`no limit\` | built in |
      | \`limits.organisation.hour\` | \`no limit\` | built in |
      | \`limits.organisation.day\` | \`no limit\` | built in |
      | \`limits.at_once\` | \`2\` | repository |
      | \`session_limits.ai_credits\` | \`no limit\` | built in |
      | \`labels_after.remove_trigger\` | \`false\` | built in |
      | \`labels_after.running\` | \`none\` | built in |
      | \`labels_after.failed\` | \`none\` | built in |
      | \`labels.copilot:triage\` | \`triage\` | built in |
      | \`labels.copilot:fix\` | \`fix\` | built in |
      | \`labels.copilot:port\` | \`port\` | repository |
      | \`commands.triage\` | \`triage: Triages this issue or pull request.\` | built in |
      | \`commands.fix\` | \`fix: Mends what this issue or pull request is about.\` | built in |
      | \`commands.review\` | \`review: Reviews this pull request.\` | built in |
      | \`commands.ask\` | \`ask: Answers a question about this issue or pull request.\` | built in |
      | \`prompts.triage\` | \`built in\` | built in |
      | \`prompts.fix\` | \`fix.md\` | repository |
      | \`prompts.review\` | \`built in\` | built in |
      | \`prompts.ask\` | \`built in\` | built in |
      | \`prompts.port\` | \`inline, 8 characters\` | repository |
      | \`permissions.default.least\` | \`write\` | built in |
      | \`permissions.default.allow\` | \`writer, octo-org/core\` | repository |
      | \`permissions.default.deny\` | \`nobody\` | built in |
      | \`permissions.port.label.least\` | \`admin\` | repository |
      | \`labels.copilot:review\` | \`none\` | repository |

      - \`.github/copilot-tasks.yml\` of this repository: version \`COMMIT\`
      - \`.github/copilot-tasks.yml\` of the organisation's \`.github\` repository: the bot sees no such repository


      <sub>Asked by [writer](https://GITHUB/writer) (command \`/copilot config\`) · repository \`octo-org/configured\` · task \`UUID8\`</sub>
      "
    `);
    expect(askedAbout(world, "configured")).toEqual([]);
  });
});

describe.concurrent("/copilot doctor", () => {
  it("shows what it found, and creates no session", async ({ expect }) => {
    const doctor = await answerIn(world, "writer", "examined", "/copilot doctor");
    expect(doctor).toContain("### Copilot tasks: doctor\n\n| | what | what was found |\n");
    const rows = doctor
      .split("\n")
      .flatMap((line) => /^\| .+? \| (?<what>.+?) \|/u.exec(line)?.[1] ?? []);
    expect(rows).toEqual(
      expect.arrayContaining(["App", "installation", "Copilot runtime", "Mission Control"]),
    );
    expect(doctor).not.toContain("❌");
    const own = [world.github.webhookSecret, world.github.as("octocat").token, world.directory];
    for (const secret of own) expect(doctor).not.toContain(secret);
    // In this world nobody asks for a session.
    expect(asked(world)).toEqual([]);
  });
});

describe.concurrent("questions about the bot", () => {
  it("of those who may start nothing get only a reaction", async ({ expect }) => {
    const issue = await newIssue(world, "strangers");
    for (const login of ["reader", "triager", "stranger"]) {
      for (const command of ["", " help", " config", " doctor", " ok"]) {
        const answer = await silentAnswerTo(world, login, issue, `/copilot${command}`);
        expect(answer).toEqual(ONLY_A_REACTION);
      }
    }
    expect(askedAbout(world, "strangers")).toEqual([]);
  });

  it("of those who may start one thing are answered", async ({ expect }) => {
    await withPolicy(world, "some", "permissions: { ask: { command: { least: triage } } }");
    const issue = await newIssue(world, "some");
    const help = await answerTo(world, "triager", issue, "/copilot help");
    expect(help).toContain("| `/copilot ask` |");
    expect(await answerTo(world, "triager", issue, "/copilot doctor")).toContain("| database |");
    expect(await answerTo(world, "triager", issue, "/copilot asks")).toContain(
      "Did you mean `/copilot ask`?",
    );
    // What they may not start they are told in words, because GitHub lets them set labels.
    expect(await answerTo(world, "triager", issue, "/copilot fix")).toContain(
      "Only people with write access",
    );
    expect(askedAbout(world, "some")).toEqual([]);
  });
});
