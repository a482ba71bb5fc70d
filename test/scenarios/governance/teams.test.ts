import { describe, it } from "vitest";
import { organisation } from "../../../sandbox/github/seed.ts";
import { steady, useWorld } from "../world.ts";
import { answerIn, askedAbout, inOrganisation, LINK } from "./story.ts";
import { newIssue, ONE_SESSION, ONLY_A_REACTION, POLICY } from "./story.ts";
import { silentAnswerTo, withPolicy } from "./story.ts";

const names = ["denying", "allowing", "unenforced", ".github"];
const world = useWorld({
  repositories: names.map((name) => ({ name })),
  people: { maintainer: "maintain", second: "write" },
});

describe.concurrent("a team that GitHub does not know any more", () => {
  it("and that the policy denies: nobody starts anything until that is mended", async ({
    expect,
  }) => {
    world.github.team(organisation, "former-staff", ["second"]);
    await withPolicy(
      world,
      "denying",
      `permissions:
  default:
    deny: { teams: [octo-org/former-staff, octo-org/Contractors] }
  fix:
    command:
      deny: { teams: [octo-org/contractors] }
`,
    );
    const comment = await answerIn(world, "writer", "denying", "copilot:triage");
    expect(steady(comment, world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### Copilot task: \`copilot:triage\` – not started

      The policy denies this to a team that GitHub does not know: renamed or deleted, or hidden from the App. Until that is mended nobody can start this here.

      - \`octo-org/contractors\`: line 3, column 44 of the [policy file of this repository](https://GITHUB/octo-org/denying/blob/COMMIT/.github/copilot-tasks.yml), which its maintainers can change
      - \`octo-org/contractors\`: line 6, column 23 of the [policy file of this repository](https://GITHUB/octo-org/denying/blob/COMMIT/.github/copilot-tasks.yml), which its maintainers can change

      No session was created.

      <sub>Asked by [writer](https://GITHUB/writer) (label \`copilot:triage\`) · repository \`octo-org/denying\` · task \`UUID8\`</sub>
      "
    `);
    const command = await answerIn(world, "maintainer", "denying", "/copilot fix");
    expect(command).toContain("The policy denies this to a team that GitHub does not know");
    // Who is in a team that is there is told as ever.
    const member = await answerIn(world, "second", "denying", "copilot:triage");
    expect(member).toContain("The policy of this repository excludes you from this");
    // Whoever could mend the policy can ask what it says; whoever reads cannot.
    const config = await answerIn(world, "maintainer", "denying", "/copilot config");
    expect(config).toContain("octo-org/former-staff");
    const issue = await newIssue(world, "denying");
    const stranger = await silentAnswerTo(world, "stranger", issue, "/copilot triage");
    expect(stranger).toEqual(ONLY_A_REACTION);
    expect(askedAbout(world, "denying")).toEqual([]);

    world.github.team(organisation, "contractors", ["maintainer"]);
    expect(await answerIn(world, "writer", "denying", "copilot:triage")).toContain(LINK);
    expect(askedAbout(world, "denying")).toEqual(ONE_SESSION);
  });

  it("and that the policy lets in lets nobody in, and those who are left out learn it", async ({
    expect,
  }) => {
    await withPolicy(
      world,
      "allowing",
      "permissions:\n  default:\n    allow: { users: [second], teams: [octo-org/core-team] }\n",
    );
    const comment = await answerIn(world, "writer", "allowing", "copilot:triage");
    expect(steady(comment, world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### Copilot task: \`copilot:triage\` – not started

      Only people and teams that \`permissions\` in \`.github/copilot-tasks.yml\` names can start this here. The repository's maintainers can add you.

      It names a team that GitHub does not know, by which nobody gets in: renamed or deleted, or hidden from the App.

      - \`octo-org/core-team\`: line 3, column 39 of the [policy file of this repository](https://GITHUB/octo-org/allowing/blob/COMMIT/.github/copilot-tasks.yml), which its maintainers can change

      No session was created.

      <sub>Asked by [writer](https://GITHUB/writer) (label \`copilot:triage\`) · repository \`octo-org/allowing\` · task \`UUID8\`</sub>
      "
    `);
    expect(askedAbout(world, "allowing")).toEqual([]);
    expect(await answerIn(world, "second", "allowing", "copilot:triage")).toContain(LINK);
    expect(askedAbout(world, "allowing")).toEqual(ONE_SESSION);
  });

  it("in the organisation's file is told with that file", async ({ expect }) => {
    const file = "permissions: { review: { deny: { teams: [octo-org/gone] } } }\n";
    await world.github.writeFile(inOrganisation(".github"), POLICY, file);
    const comment = await answerIn(world, "writer", "unenforced", "copilot:review");
    const [, list] = steady(comment, world).split("\n\n- ");
    expect(list?.split("\n")[0]).toMatchInlineSnapshot(
      `"\`octo-org/gone\`: line 1, column 42 of the [policy file of the organisation](https://GITHUB/octo-org/.github/blob/COMMIT/.github/copilot-tasks.yml), which the maintainers of its repository \`.github\` can change"`,
    );
    expect(askedAbout(world, "unenforced")).toEqual([]);
    expect(await answerIn(world, "writer", "unenforced", "copilot:triage")).toContain(LINK);
  });
});
