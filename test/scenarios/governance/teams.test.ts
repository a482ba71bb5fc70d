import { describe, it } from "vitest";
import { organization } from "../../../sandbox/github/seed.ts";
import { steady, useWorld } from "../world.ts";
import { answerIn, askedAbout, inOrganization, LINK } from "./story.ts";
import { newIssue, ONE_SESSION, ONLY_A_REACTION, POLICY } from "./story.ts";
import { silentAnswerTo, withPolicy } from "./story.ts";

const names = ["denying", "allowing", "unenforced", ".github"];
const world = useWorld({
  repositories: names.map((name) => ({ name })),
  people: { maintainer: "maintain", second: "write" },
});

describe.concurrent("a team that no longer exists", () => {
  it("and that the policy denies: nobody starts anything until that's fixed", async ({
    expect,
  }) => {
    world.github.team(organization, "former-staff", ["second"]);
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
      ### 🚫 Copilot didn't start: \`copilot:triage\`

      The policy denies this to a team that GitHub doesn't know (renamed, deleted, or hidden from the App). Nobody can start tasks here until this is fixed.

      - \`octo-org/contractors\`: line 3, column 44 of [this repository's policy file](https://GITHUB/octo-org/denying/blob/COMMIT/.github/copilot-tasks.yml) (maintainers can change it)
      - \`octo-org/contractors\`: line 6, column 23 of [this repository's policy file](https://GITHUB/octo-org/denying/blob/COMMIT/.github/copilot-tasks.yml) (maintainers can change it)

      After that, remove the label \`copilot:triage\` and add it again.

      <details><summary>Details</summary>

      - Requested by [writer](https://GITHUB/writer) with the label \`copilot:triage\`
      - Repository \`octo-org/denying\`
      - Reason \`team_missing\`
      - Task \`UUID8\`

      </details>
      "
    `);
    const command = await answerIn(world, "maintainer", "denying", "/copilot fix");
    expect(command).toContain("The policy denies this to a team that GitHub doesn't know");
    // The members of a team that exists still get a reply.
    const member = await answerIn(world, "second", "denying", "copilot:triage");
    expect(member).toContain("The policy excludes you from this");
    // People who could fix the policy can ask what it says; readers can't.
    const config = await answerIn(world, "maintainer", "denying", "/copilot config");
    expect(config).toContain("octo-org/former-staff");
    const issue = await newIssue(world, "denying");
    const stranger = await silentAnswerTo(world, "stranger", issue, "/copilot triage");
    expect(stranger).toEqual(ONLY_A_REACTION);
    expect(askedAbout(world, "denying")).toEqual([]);

    world.github.team(organization, "contractors", ["maintainer"]);
    expect(await answerIn(world, "writer", "denying", "copilot:triage")).toContain(LINK);
    expect(askedAbout(world, "denying")).toEqual(ONE_SESSION);
  });

  it("and that the policy allows lets nobody in, and those who are left out get the reason", async ({
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
      ### 🚫 Copilot didn't start: \`copilot:triage\`

      Only people and teams that the policy names can start this. Maintainers can add you: \`permissions\` in [this repository's policy file](https://GITHUB/octo-org/allowing/blob/COMMIT/.github/copilot-tasks.yml#L3).

      The policy names a team that GitHub doesn't know (renamed, deleted, or hidden from the App):

      - \`octo-org/core-team\`: line 3, column 39 of [this repository's policy file](https://GITHUB/octo-org/allowing/blob/COMMIT/.github/copilot-tasks.yml) (maintainers can change it)

      <details><summary>Details</summary>

      - Requested by [writer](https://GITHUB/writer) with the label \`copilot:triage\`
      - Repository \`octo-org/allowing\`
      - Reason \`not_on_the_list\`
      - Task \`UUID8\`

      </details>
      "
    `);
    expect(askedAbout(world, "allowing")).toEqual([]);
    expect(await answerIn(world, "second", "allowing", "copilot:triage")).toContain(LINK);
    expect(askedAbout(world, "allowing")).toEqual(ONE_SESSION);
  });

  it("in the organization's file is reported with that file", async ({ expect }) => {
    const file = "permissions: { review: { deny: { teams: [octo-org/gone] } } }\n";
    await world.github.writeFile(inOrganization(".github"), POLICY, file);
    const comment = await answerIn(world, "writer", "unenforced", "copilot:review");
    const [, list] = steady(comment, world).split("\n\n- ");
    expect(comment).toContain(
      "Maintainers of this repository can also override this: `permissions` in its own `.github/copilot-tasks.yml`.",
    );
    expect(list?.split("\n")[0]).toMatchInlineSnapshot(
      `"\`octo-org/gone\`: line 1, column 42 of [the organization's policy file](https://GITHUB/octo-org/.github/blob/COMMIT/.github/copilot-tasks.yml) (maintainers of its repository \`.github\` can change it)"`,
    );
    expect(askedAbout(world, "unenforced")).toEqual([]);
    expect(await answerIn(world, "writer", "unenforced", "copilot:triage")).toContain(LINK);
  });
});
