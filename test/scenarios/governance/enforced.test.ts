import { describe, expect, it } from "vitest";
import { useWorld } from "../world.ts";
import { fork, hello } from "../../../sandbox/github/seed.ts";
import { answerIn, answerTo, ask, askedAbout, inOrganization, LINK } from "./story.ts";
import { newIssue, ONE_SESSION, POLICY, promptsIn, settled, withPolicy } from "./story.ts";

const names = ["looser", "tighter", "limited", "silent", "free", "own", "another"];
const world = useWorld({
  repositories: [{ name: ".github", private: true }, ...names.map((name) => ({ name }))],
  people: { maintainer: "maintain" },
});

const ORGANIZATION = `
enforced: [forks, limits, permissions, labels, prompts, branches, context]
forks: deny
context: trusted
permissions: { fix: { least: maintain } }
limits: { repository: { hour: 1 } }
labels: { "copilot:port": port }
prompts:
  port: { path: prompts/port.md }
  triage: Look at {{ subject }} as the organization wants.
labels_after: { remove_trigger: true }
branches: { eligible: [main, "release/**"] }
`;

const defaults = inOrganization(".github");

describe("the organization's policy", () => {
  it("holds where a repository sets nothing, with prompts from its own files", async () => {
    await withPolicy(world, ".github", ORGANIZATION);
    await world.github.writeFile(defaults, "prompts/port.md", "Port {{ subject }} as ever.");
    const issue = await newIssue(world, "silent");
    expect(await answerTo(world, "writer", issue, "copilot:port")).toContain(LINK);
    expect(promptsIn(world, "silent")).toEqual([
      expect.stringMatching(/^Port issue #1 as ever\.\n/u),
    ]);
    const labels = async () => (await world.github.thread(issue.owner, "silent", 1)).labels;
    await world.github.until(async () => (await labels()).length === 0, 30_000);
    expect(await answerTo(world, "writer", issue, "copilot:fix")).toContain(
      "You need maintain access",
    );
    expect(askedAbout(world, "silent")).toEqual(ONE_SESSION);
  });

  it("is replaced by a repository where it is not enforced", async () => {
    await withPolicy(world, "free", "labels_after: { remove_trigger: false }");
    const issue = await newIssue(world, "free");
    await settled(world, await answerTo(world, "writer", issue, "copilot:triage"));
    expect((await world.github.thread(issue.owner, "free", 1)).labels).toEqual(["copilot:triage"]);
  });

  it("cannot be loosened where it is enforced, and config shows so", async () => {
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
    expect(fix).toContain(
      "You need maintain access to this repository to do this. A repository administrator can give you access, or maintainers of the organization's repository `.github` can change `permissions` in [the organization's policy file](",
    );
    const config = await answerIn(world, "writer", "looser", "/copilot config");
    const items = config.split("\n").filter((line) => line.startsWith("- "));
    expect(items.filter((item) => item.includes("has no effect"))).toMatchInlineSnapshot(`
      [
        "- \`forks\`: \`deny\` (organization, enforced; the repository says \`base\`, which has no effect)",
        "- \`context\`: \`trusted\` (organization, enforced; the repository says \`all\`, which has no effect)",
        "- \`limits.repository.hour\`: \`1\` (organization, enforced; the repository says \`100\`, which has no effect)",
        "- \`prompts.triage\`: a template of 48 characters (organization, enforced; the repository says a template of 13 characters, which has no effect)",
        "- \`permissions.fix.least\`: \`maintain\` (organization, enforced; the repository says \`read\`, which has no effect)",
        "- \`labels.copilot:mine\`: none (default, enforced; the repository says \`triage\`, which has no effect)",
      ]
    `);

    expect(await answerIn(world, "writer", "looser", "copilot:triage")).toContain(LINK);
    expect(promptsIn(world, "looser")).toEqual([
      expect.stringMatching(/^Look at issue #3 as the organization wants\.\n/u),
    ]);
    const second = await answerIn(world, "writer", "looser", "copilot:triage");
    expect(second).toContain(
      "This repository has reached the limit of 1 task per hour. Maintainers of the organization's repository `.github` can change this: `limits.repository.hour` in [the organization's policy file](",
    );
    await ask(world, "writer", await newIssue(world, "looser"), "copilot:mine");
    await expect
      .poll(() => world.log.join(""), { timeout: 30_000 })
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
      "This pull request comes from a fork, and the policy doesn't allow that.",
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
    expect(fix).toContain("You need administrator access");
    const main = await answerIn(world, "octocat", "tighter", "copilot:triage");
    expect(main).toContain("Copilot may not work on the branch `main` here.");
    const help = await answerIn(world, "octocat", "tighter", "/copilot help");
    expect(help).not.toContain("copilot:port");
    // Eligible is only what both lists name.
    const octocat = world.github.as("octocat");
    const repository = inOrganization("tighter");
    await octocat.createBranch(repository, "develop");
    await octocat.createBranch(repository, "topic");
    await octocat.commitFile(repository, { path: "NOTES.md", content: "New.\n", branch: "topic" });
    const into = { title: "Into develop", head: "topic", base: "develop" };
    const pull = await octocat.openPullRequest(repository, into);
    expect(await answerTo(world, "octocat", pull, "copilot:review")).toContain(
      "Copilot may not work on the branch `develop` here.",
    );
    expect(askedAbout(world, "tighter")).toEqual([]);
  });

  it("can't be set by a repository", async () => {
    await withPolicy(world, "own", "enforced: [forks]\nforks: base\n");
    expect(await answerIn(world, "writer", "own", "copilot:triage")).toContain(
      "- line 1, column 1: `enforced` works only in the organization's file",
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
limits: { requester: { hour: 5 }, organization: { day: 9 }, at_once: 2 }
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
      `commands: { port: fix, repair: fix, ask: null }
branches: { issues: main }
limits: { requester: { hour: 6 }, organization: { day: null }, at_once: 1 }
labels_after: { running: mine, failed: mine }
permissions_policy: approve
on_close: stop
check_run: false
session_limits: { ai_credits: 110 }
permissions: { default: { allow: { users: [writer, reader] } } }
`,
    );
    const config = await answerIn(world, "writer", "another", "/copilot config");
    const items = config.split("\n").filter((line) => line.startsWith("- "));
    expect(items.filter((item) => item.includes("enforced"))).toMatchInlineSnapshot(`
      [
        "- \`permissions_policy\`: \`deny-writes-to-default-branch\` (organization, enforced; the repository says \`approve\`, which has no effect)",
        "- \`on_close\`: \`stop\` (repository, enforced)",
        "- \`check_run\`: \`true\` (organization, enforced; the repository says \`false\`, which has no effect)",
        "- \`branches.issues\`: \`develop\` (organization, enforced; the repository says \`main\`, which has no effect)",
        "- \`limits.requester.hour\`: \`5\` (organization, enforced; the repository says \`6\`, which has no effect)",
        "- \`limits.organization.day\`: \`9\` (organization, enforced; the repository says no limit, which has no effect)",
        "- \`limits.at_once\`: \`1\` (repository, enforced)",
        "- \`session_limits.ai_credits\`: \`100\` (organization, enforced; the repository says \`110\`, which has no effect)",
        "- \`labels_after.running\`: \`busy\` (organization, enforced; the repository says \`mine\`, which has no effect)",
        "- \`labels_after.failed\`: \`mine\` (repository, enforced)",
        "- \`commands.port\`: \`port\`: Starts a task of the kind port (organization, enforced; the repository says \`fix\`: Starts a task of the kind fix, which has no effect)",
        "- \`prompts.port\`: a template of 8 characters (organization, enforced)",
        "- \`permissions.default.allow\`: \`writer\`, \`octocat\`, and of these only \`writer\`, \`reader\` (organization and repository, enforced)",
        "- \`commands.ask\`: none (repository, enforced)",
        "- \`commands.repair\`: none (default, enforced; the repository says \`fix\`: Starts a task of the kind fix, which has no effect)",
      ]
    `);
  });
});

describe("the organization's file", () => {
  it("stops all repositories when it's invalid, and is named with its own link", async () => {
    await withPolicy(world, ".github", "forks: allow\nenforced: [fork]\n");
    await withPolicy(world, "another", "context: everything\n");
    const both = await answerIn(world, "writer", "another", "copilot:triage");
    expect(both).toContain("The [policy file of the organization](");
    expect(both).toContain(`/octo-org/.github/blob/`);
    expect(both).toContain("- line 1, column 8: `forks` must be one of");
    expect(both).toContain("- line 2, column 12: entry 1 of `enforced` must be one of");
    expect(both).toContain("The [policy file of this repository](");
    expect(both).toContain("- line 1, column 10: `context` must be one of `trusted`, `all`");
    expect(await answerIn(world, "writer", "blocked", "/copilot config")).toContain(
      "The [policy file of the organization](",
    );
    expect(await answerIn(world, "writer", "blocked", "copilot:triage")).toContain(
      "Nobody can start tasks here until the policy is fixed.",
    );
    expect([...askedAbout(world, "another"), ...askedAbout(world, "blocked")]).toEqual([]);
  });

  it("has no effect where the bot can't see it, and config says so", async () => {
    await world.github.installation.removeRepository(".github");
    await world.github.deleteFile(inOrganization("another"), POLICY);
    const config = await answerIn(world, "writer", "another", "/copilot config");
    expect(config).toContain(
      "- `.github/copilot-tasks.yml` in the organization's `.github` repository: the bot can't see this repository",
    );
    expect(await answerIn(world, "writer", "another", "copilot:triage")).toContain(LINK);
  });
});
