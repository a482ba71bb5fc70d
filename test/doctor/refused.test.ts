import { afterEach, describe, expect, test } from "vitest";
import type { GitHubTroubleType } from "../../src/core/github/trouble.ts";
import { about, HELLO, usePractice, WELL_STORED } from "./practice.ts";

const practice = usePractice();
const UNDELIVERED = "undelivered comments";

afterEach(() => {
  practice.github.network.ipIsBlocked = false;
});

test("an IP allow list that keeps the bot out is named", async () => {
  practice.github.network.ipIsBlocked = true;
  const findings = await practice.examine(HELLO);
  expect(about("IP allow list", findings, practice)).toMatchInlineSnapshot(`
    "failed IP allow list: The IP allow list of \`octo-org\` doesn't include the bot's address, so GitHub refuses every request.
      An owner of \`octo-org\` can add it at https://GITHUB/organizations/octo-org/settings/security."
  `);
});

/** The doctor's finding about comments that have waited for so many minutes. */
async function foundWith(type: GitHubTroubleType, minutes: number) {
  const since = new Date(Date.now() - minutes * 60_000).toISOString();
  const oldest = { since, type, message: "Sorry, `@octocat`." };
  const asked: unknown[] = [];
  const undelivered = (repository: unknown) => {
    asked.push(repository);
    return Promise.resolve({ count: 3, oldest });
  };
  const findings = await practice.examine(HELLO, { store: { ...WELL_STORED, undelivered } });
  // The administrator sees all repositories.
  expect(asked).toEqual([null]);
  return about(UNDELIVERED, findings, practice);
}

describe("comments that GitHub refuses", () => {
  test("are counted, with the oldest and GitHub's words", async () => {
    expect(await foundWith("forbidden", 90)).toMatchInlineSnapshot(`
      "warning undelivered comments: 3, the oldest for 1 h (\`forbidden\`). GitHub responded: \`\` Sorry, \`@octocat\`. \`\`
        The bot retries for \`GITHUB_RETRY_HOURS\`, with growing pauses, and then gives up. https://www.githubstatus.com shows outages."
    `);
  });

  test("for a reason that people can change are named with who can", async () => {
    const types = ["ip_not_allowed", "unauthorized", "not_permitted", "locked"] as const;
    const found = await Promise.all(types.map((type) => foundWith(type, 5)));
    expect(found.join("\n")).toMatchInlineSnapshot(`
      "warning undelivered comments: 3, the oldest for 5 min (\`ip_not_allowed\`). GitHub responded: \`\` Sorry, \`@octocat\`. \`\`
        An organization owner can add the bot's IP address to the IP allow list.
      warning undelivered comments: 3, the oldest for 5 min (\`unauthorized\`). GitHub responded: \`\` Sorry, \`@octocat\`. \`\`
        Check \`APP_ID\`, \`PRIVATE_KEY\`, and the clock of the bot's machine: GitHub rejects the App's tokens.
      warning undelivered comments: 3, the oldest for 5 min (\`not_permitted\`). GitHub responded: \`\` Sorry, \`@octocat\`. \`\`
        An organization owner can accept the App's permissions.
      warning undelivered comments: 3, the oldest for 5 min (\`locked\`). GitHub responded: \`\` Sorry, \`@octocat\`. \`\`
        A maintainer can unlock the conversation."
    `);
  });

  test("are none where none waits", async () => {
    const findings = await practice.examine(HELLO);
    expect(about(UNDELIVERED, findings, practice)).toMatchInlineSnapshot(
      `"ok undelivered comments: None."`,
    );
  });
});
