import { describe, expect, it } from "vitest";
import { useWorld } from "../world.ts";
import { fork, hello } from "../../../sandbox/github/seed.ts";
import { answerIn, answerTo, ask, askedAbout, inOrganisation, LINK } from "./story.ts";
import { newIssue, ONE_SESSION, POLICY, promptsIn, settled, withPolicy } from "./story.ts";

const names = ["looser", "tighter", "limited", "silent", "free", "own", "another"];
const world = useWorld({
  repositories: [{ name: ".github", private: true }, ...names.map((name) => ({ name }))],
  people: { maintainer: "maintain" },
});

const ORGANISATION = `
enforced: [forks, limits, permissions, labels, prompts, branches, context]
forks: deny
context: trusted
permissions: { fix: { least: maintain } }
limits: { repository: { hour: 1 } }
labels: { "copilot:port": port }
prompts:
  port: { path: prompts/port.md }
  triage: Look at {{ subject }} as the organisation wants.
labels_after: { remove_trigger: true }
branches: { eligible: [main, "release/**"] }
`;

const defaults = inOrganisation(".github");

describe("what the organisation says", () => {
  it("holds where a repository says nothing, with prompts from its own files", async () => {
    await withPolicy(world, ".github", ORGANISATION);
    await world.github.writeFile(defaults, "prompts/port.md", "Port {{ subject }} as ever.");
    const issue = await newIssue(world, "silent");
    expect(await answerTo(world, "writer", issue, "copilot:port")).toContain(LINK);
    expect(promptsIn(world, "silent")).toEqual([
      expect.stringMatching(/^Port issue #1 as ever\.\n/u),
    ]);
    const labels = async () => (await world.github.thread(issue.owner, "silent", 1)).labels;
    await world.github.until(async () => (await labels()).length === 0, 20_000);
    expect(await answerTo(world, "writer", issue, "copilot:fix")).toContain(
      "Only people with maintain access",
    );
    expect(askedAbout(world, "silent")).toEqual(ONE_SESSION);
  });

  it("is replaced by a repository where it is not enforced", async () => {
    await withPolicy(world, "free", "labels_after: { remove_trigger: false }");
    const issue = await newIssue(world, "free");
    await settled(world, await answerTo(world, "writer", issue, "copilot:triage"));
    expect((await world.github.thread(issue.owner, "free", 1)).labels).toEqual(["copilot:triage"]);
  });

  it("cannot be loosened where it is enforced, and config tells", async () => {
    await withPolicy(
      world,
      "looser",
      `forks: base
context: all
permissions: { fix: { least: read } }
limits: { repository: { hour: 100, day: null } }
labels: { "copilot:mine": triage }
prompts: { triage: "Do as I like." }
branches: { eligible: ["**"] }
`,
    );
    const fix = await answerIn(world, "writer", "looser", "copilot:fix");
    expect(fix).toContain("Only people with maintain access");
    const config = await answerIn(world, "writer", "looser", "/copilot config");
    const rows = config.split("\n").filter((row) => row.includes("enforced"));
    expect(rows.filter((row) => row.includes("has no effect"))).toMatchInlineSnapshot(`
      [
        "| \`forks\` | \`deny\` | organisation, enforced; \`base\` of the repository has no effect |",
        "| \`context\` | \`trusted\` | organisation, enforced; \`all\` of the repository has no effect |",
        "| \`limits.repository.hour\` | \`1\` | organisation, enforced; \`100\` of the repository has no effect |",
        "| \`prompts.triage\` | \`inline, 48 characters\` | organisation, enforced; \`inline, 13 characters\` of the repository has no effect |",
        "| \`permissions.fix.least\` | \`maintain\` | organisation, enforced; \`read\` of the repository has no effect |",
        "| \`labels.copilot:mine\` | \`none\` | built in, enforced; \`triage\` of the repository has no effect |",
      ]
    `);

    expect(await answerIn(world, "writer", "looser", "copilot:triage")).toContain(LINK);
    expect(promptsIn(world, "looser")).toEqual([
      expect.stringMatching(/^Look at issue #3 as the organisation wants\.\n/u),
    ]);
    const second = await answerIn(world, "writer", "looser", "copilot:triage");
    expect(second).toContain("This repository may start 1 task in an hour");
    await ask(world, "writer", await newIssue(world, "looser"), "copilot:mine");
    await expect
      .poll(() => world.log.join(""), { timeout: 20_000 })
      .toContain("label_without_meaning");
    expect(askedAbout(world, "looser")).toEqual(ONE_SESSION);
  });

  it("keeps forks out although a repository lets them in", async () => {
    await withPolicy(world, hello.repo, "forks: base");
    const stranger = world.github.as("stranger");
    const pull = await stranger.openPullRequest(hello, {
      title: "From outside",
      head: `${fork.owner}:patch-1`,
    });
    expect(await answerTo(world, "octocat", pull, "copilot:review")).toContain(
      "This pull request comes from a fork, and the policy denies these",
    );
    expect(askedAbout(world, hello.repo)).toEqual([]);
  });

  it("can be tightened by a repository", async () => {
    await withPolicy(
      world,
      "tighter",
      `permissions: { fix: { least: admin } }
labels: { "copilot:port": null }
branches: { eligible: ["release/**", develop] }
`,
    );
    const fix = await answerIn(world, "maintainer", "tighter", "copilot:fix");
    expect(fix).toContain("Only people with administrator access");
    const main = await answerIn(world, "octocat", "tighter", "copilot:triage");
    expect(main).toContain("The branch `main` is not among those");
    const help = await answerIn(world, "octocat", "tighter", "/copilot help");
    expect(help).not.toContain("copilot:port");
    // Eligible is only what both lists name.
    const octocat = world.github.as("octocat");
    const repository = inOrganisation("tighter");
    await octocat.createBranch(repository, "develop");
    await octocat.createBranch(repository, "topic");
    await octocat.commitFile(repository, { path: "NOTES.md", content: "New.\n", branch: "topic" });
    const into = { title: "Into develop", head: "topic", base: "develop" };
    const pull = await octocat.openPullRequest(repository, into);
    expect(await answerTo(world, "octocat", pull, "copilot:review")).toContain(
      "The branch `develop` is not among those",
    );
    expect(askedAbout(world, "tighter")).toEqual([]);
  });

  it("cannot be said by a repository", async () => {
    await withPolicy(world, "own", "enforced: [forks]\nforks: base\n");
    expect(await answerIn(world, "writer", "own", "copilot:triage")).toContain(
      "- line 1, column 1: `enforced` has a meaning only in the organisation's file",
    );
    expect(askedAbout(world, "own")).toEqual([]);
  });

  it("may be enforced as a whole", async () => {
    await withPolicy(
      world,
      ".github",
      `enforced: true
commands: { port: port }
prompts: { port: Port it. }
branches: { issues: develop }
limits: { requester: { hour: 5 }, organisation: { day: 9 }, at_once: 2 }
labels_after: { running: busy }
permissions_policy: deny-writes-to-default-branch
check_run: true
session_limits: { ai_credits: 100 }
permissions: { default: { allow: { users: [writer, octocat] } } }
`,
    );
    await withPolicy(
      world,
      "another",
      `commands: { port: fix, mend: fix, ask: null }
branches: { issues: main }
limits: { requester: { hour: 6 }, organisation: { day: null }, at_once: 1 }
labels_after: { running: mine, failed: mine }
permissions_policy: approve
on_close: stop
check_run: false
session_limits: { ai_credits: 110 }
permissions: { default: { allow: { users: [writer, reader] } } }
`,
    );
    const config = await answerIn(world, "writer", "another", "/copilot config");
    const rows = config.split("\n").filter((row) => row.startsWith("| `"));
    expect(rows.filter((row) => !row.includes("| built in, enforced |"))).toMatchInlineSnapshot(`
      [
        "| \`permissions_policy\` | \`deny-writes-to-default-branch\` | organisation, enforced; \`approve\` of the repository has no effect |",
        "| \`on_close\` | \`stop\` | repository, enforced |",
        "| \`check_run\` | \`true\` | organisation, enforced; \`false\` of the repository has no effect |",
        "| \`branches.issues\` | \`develop\` | organisation, enforced; \`main\` of the repository has no effect |",
        "| \`limits.requester.hour\` | \`5\` | organisation, enforced; \`6\` of the repository has no effect |",
        "| \`limits.organisation.day\` | \`9\` | organisation, enforced; \`no limit\` of the repository has no effect |",
        "| \`limits.at_once\` | \`1\` | repository, enforced |",
        "| \`session_limits.ai_credits\` | \`100\` | organisation, enforced; \`110\` of the repository has no effect |",
        "| \`labels_after.running\` | \`busy\` | organisation, enforced; \`mine\` of the repository has no effect |",
        "| \`labels_after.failed\` | \`mine\` | repository, enforced |",
        "| \`commands.port\` | \`port: Starts a task of the kind port.\` | organisation, enforced; \`fix: Starts a task of the kind fix.\` of the repository has no effect |",
        "| \`prompts.port\` | \`inline, 8 characters\` | organisation, enforced |",
        "| \`permissions.default.allow\` | \`writer, octocat – and among them – writer, reader\` | organisation and repository, enforced |",
        "| \`commands.ask\` | \`none\` | repository, enforced |",
        "| \`commands.mend\` | \`none\` | built in, enforced; \`fix: Starts a task of the kind fix.\` of the repository has no effect |",
      ]
    `);
  });
});

describe("the organisation's file", () => {
  it("stops all repositories when it is wrong, and is named with its own link", async () => {
    await withPolicy(world, ".github", "forks: allow\nenforced: [fork]\n");
    await withPolicy(world, "another", "context: everything\n");
    const both = await answerIn(world, "writer", "another", "copilot:triage");
    expect(both).toContain("The [policy file of the organisation](");
    expect(both).toContain(`/octo-org/.github/blob/`);
    expect(both).toContain("- line 1, column 8: `forks` must be one of");
    expect(both).toContain("- line 2, column 12: entry 1 of `enforced` must be one of");
    expect(both).toContain("The [policy file of this repository](");
    expect(both).toContain("- line 1, column 10: `context` must be one of `trusted`, `all`");
    expect(await answerIn(world, "writer", "blocked", "/copilot config")).toContain(
      "The [policy file of the organisation](",
    );
    expect(await answerIn(world, "writer", "blocked", "copilot:triage")).toContain(
      "Nothing starts here until the policy is mended.",
    );
    expect([...askedAbout(world, "another"), ...askedAbout(world, "blocked")]).toEqual([]);
  });

  it("means nothing where the bot does not see it, and config says so", async () => {
    await world.github.installation.removeRepository(".github");
    await world.github.deleteFile(inOrganisation("another"), POLICY);
    const config = await answerIn(world, "writer", "another", "/copilot config");
    expect(config).toContain(
      "- `.github/copilot-tasks.yml` of the organisation's `.github` repository: the bot sees no such repository",
    );
    expect(await answerIn(world, "writer", "another", "copilot:triage")).toContain(LINK);
  });
});
