import { describe, expect, it } from "vitest";
import { organization } from "../../../sandbox/github/seed.ts";
import { useWorld } from "../world.ts";
import { answerIn, answerTo, askedAbout, LINK } from "./story.ts";
import { newIssue, ONE_SESSION, ONLY_A_REACTION, silentAnswerTo, withPolicy } from "./story.ts";

const names = ["ladder", "kinds", "lists", "teams", "unreadable", "custom"];
const world = useWorld({
  repositories: names.map((name) => ({ name })),
  people: { maintainer: "maintain", triager: "triage", second: "write" },
});

/** What a closed issue is answered with once the requester was let through. */
const LET_THROUGH = "This is closed";

async function closedIssue(repo: string) {
  const issue = await newIssue(world, repo);
  await world.github.as("octocat").close(issue);
  return issue;
}

describe.concurrent("the least role", () => {
  it("lets in who has it, and not who has the one below", async ({ expect: local }) => {
    // Everybody may read what is public.
    const roles = ["read", "triage", "write", "maintain", "admin"];
    await withPolicy(
      world,
      "ladder",
      `labels: { ${roles.map((role) => `copilot:${role}: ${role}`).join(", ")} }
prompts: { ${roles.map((role) => `${role}: Look.`).join(", ")} }
permissions: { ${roles.map((role) => `${role}: { least: ${role} }`).join(", ")} }
`,
    );
    const ladder = ["stranger", "triager", "writer", "maintainer", "octocat"];
    const on = async (login = "", label = "") =>
      answerTo(world, login, await closedIssue("ladder"), label);
    const above = await Promise.all(
      roles.map((role, index) => on(ladder[index], `copilot:${role}`)),
    );
    local(above).toEqual(roles.map(() => local.stringContaining(LET_THROUGH)));
    const below = await Promise.all(
      roles.slice(1).map((role, index) => on(ladder[index], `copilot:${role}`)),
    );
    const words = ["triage", "write", "maintain", "administrator"];
    local(below).toEqual(
      words.map((word) =>
        local.stringContaining(`You need ${word} access to this repository to do this.`),
      ),
    );
    local(askedAbout(world, "ladder")).toEqual([]);
  });

  it("can be another one for a kind, and for label and command", async ({ expect: local }) => {
    await withPolicy(
      world,
      "kinds",
      `permissions:
  default: { least: maintain }
  triage: { least: triage }
  fix: { label: { least: admin }, command: { least: write } }
`,
    );
    const refusals = [
      await answerIn(world, "writer", "kinds", "/copilot review"),
      await answerIn(world, "maintainer", "kinds", "copilot:fix"),
      await answerTo(world, "writer", await closedIssue("kinds"), "/copilot fix"),
      await answerTo(world, "triager", await closedIssue("kinds"), "/copilot triage"),
    ];
    const decisive = refusals.map((comment) => comment.split("\n")[3]?.split(/[.:]/u)[0]);
    local(decisive).toEqual([
      "You need maintain access to this repository to do this",
      "You need administrator access to this repository to do this",
      LET_THROUGH,
      LET_THROUGH,
    ]);
    local(askedAbout(world, "kinds")).toEqual([]);
    const started = await answerIn(world, "triager", "kinds", "copilot:triage");
    local(started).toContain(LINK);
    local(askedAbout(world, "kinds")).toEqual(ONE_SESSION);
  });

  it("is that of a role of the organization's own, too", async ({ expect: local }) => {
    const repository = await withPolicy(
      world,
      "custom",
      "permissions: { default: { least: maintain } }",
    );
    await world.github.grant(repository, "writer", "maintain", "release manager");
    await world.github.grant(repository, "second", "write", "maintain helper");
    const issue = await closedIssue("custom");
    local(await answerTo(world, "writer", issue, "copilot:fix")).toContain(LET_THROUGH);
    const refused = await answerTo(world, "second", issue, "copilot:triage");
    local(refused).toContain("You need maintain access");
  });
});

describe.concurrent("lists of people", () => {
  it("of those who may, and of those who may not", async ({ expect: local }) => {
    await withPolicy(
      world,
      "lists",
      `permissions:
  default:
    allow: { users: [Writer, octocat, reader] }
    deny: { users: [OctoCat] }
`,
    );
    const denied = await answerIn(world, "octocat", "lists", "copilot:triage");
    local(denied).toContain(
      "The policy excludes you from this. Maintainers can change this: `permissions`",
    );
    const notListed = await answerIn(world, "maintainer", "lists", "/copilot triage");
    local(notListed).toContain("Only people and teams that the policy names");
    // The list does not stand for the role.
    const noRole = await answerIn(world, "reader", "lists", "copilot:triage");
    local(noRole).toContain("You need write access");
    const issue = await newIssue(world, "lists");
    const reader = await silentAnswerTo(world, "reader", issue, "/copilot triage");
    local(reader).toEqual(ONLY_A_REACTION);
    local(askedAbout(world, "lists")).toEqual([]);
    await answerIn(world, "writer", "lists", "copilot:triage");
    local(askedAbout(world, "lists")).toEqual(ONE_SESSION);
  });

  it("name teams, whose members they mean", async ({ expect: local }) => {
    world.github.team(organization, "core", [
      "maintainer",
      "second",
      { login: "writer", state: "pending" },
    ]);
    world.github.team(organization, "contractors", ["second"]);
    await withPolicy(
      world,
      "teams",
      `permissions:
  default:
    allow: { teams: [Octo-Org/core] }
    deny: { teams: [octo-org/contractors] }
`,
    );
    const invited = await answerIn(world, "writer", "teams", "copilot:triage");
    local(invited).toContain("Only people and teams that the policy names");
    const contractor = await answerIn(world, "second", "teams", "/copilot triage");
    local(contractor).toContain("The policy excludes you from this");
    local(askedAbout(world, "teams")).toEqual([]);
    await answerIn(world, "maintainer", "teams", "copilot:triage");
    local(askedAbout(world, "teams")).toEqual(ONE_SESSION);
  });
});

describe("teams that the App may not read", () => {
  it("let nobody in by them, and the comment says what is missing", async () => {
    Reflect.deleteProperty(world.github.installation.permissions, "members");
    await withPolicy(
      world,
      "unreadable",
      "permissions: { default: { allow: { users: [writer], teams: [octo-org/core] } } }",
    );
    const comment = await answerIn(world, "maintainer", "unreadable", "copilot:triage");
    expect(comment).toContain(
      "the bot isn't allowed to see who is in them. An organization owner can give the App the permission `Members: read-only`.",
    );
    const issue = await closedIssue("unreadable");
    expect(await answerTo(world, "writer", issue, "copilot:triage")).toContain(LET_THROUGH);
    const stranger = await silentAnswerTo(world, "stranger", issue, "/copilot triage");
    expect(stranger.reactions).toEqual(["confused"]);
    expect(askedAbout(world, "unreadable")).toEqual([]);

    await withPolicy(
      world,
      "unreadable",
      "permissions: { default: { deny: { teams: [octo-org/core] } } }",
    );
    const denied = await answerIn(world, "writer", "unreadable", "copilot:triage");
    expect(denied).toContain("the bot isn't allowed to see who is in them");
    expect(askedAbout(world, "unreadable")).toEqual([]);
  });
});
