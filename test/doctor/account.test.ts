import { describe, expect, test } from "vitest";
import { judgeExpiry } from "../../src/doctor/account.ts";
import { about, HELLO, usePractice } from "./practice.ts";

const practice = usePractice();
const ACCESS = "Copilot account's access";
const EXPIRY = "token of the Copilot account";

test("a token that GitHub does not accept: nothing more is asked with it", async () => {
  const before = practice.github.requests.length;
  const findings = await practice.examine(HELLO, {
    variables: { COPILOT_GITHUB_TOKEN: "gho_0123456789012345678901234567890123456" },
  });

  expect(about("Copilot account", findings, practice)).toMatchInlineSnapshot(`
    "failed Copilot account: GitHub does not accept COPILOT_GITHUB_TOKEN: \`Bad credentials - https://docs.github.com/rest\`. It has expired, or was revoked.
      The administrator of the bot makes a new token of the Copilot account, sets COPILOT_GITHUB_TOKEN to it, and restarts the bot."
  `);
  expect(about(ACCESS, findings, practice)).toBe("");
  const asked = practice.github.requests.slice(before).filter(({ by }) => by === "unknown");
  expect(asked.map(({ path }) => path)).toEqual(["/user"]);
});

describe("access to the repository", () => {
  test("none", async () => {
    const COPILOT_GITHUB_TOKEN = practice.github.as("stranger").token;
    practice.github.failNext(
      { method: "GET", path: "/repos/octo-org/hello" },
      { status: 404, body: { message: "Not Found" } },
    );
    const findings = await practice.examine(HELLO, { variables: { COPILOT_GITHUB_TOKEN } });

    expect(about(ACCESS, findings, practice)).toMatchInlineSnapshot(`
      "failed Copilot account's access: The Copilot account does not see \`octo-org/hello\`.
        An administrator of \`octo-org/hello\` gives the Copilot account access at https://GITHUB/octo-org/hello/settings/access. With a fine-grained token, its owner also selects the repository in the settings of the token."
    `);
  });

  test("to read alone", async () => {
    const COPILOT_GITHUB_TOKEN = practice.github.as("reader").token;
    const findings = await practice.examine(HELLO, { variables: { COPILOT_GITHUB_TOKEN } });

    expect(about(ACCESS, findings, practice)).toMatchInlineSnapshot(`
      "warning Copilot account's access: It sees \`octo-org/hello\`, and may not push to it.
        An administrator of \`octo-org/hello\` gives the Copilot account write access at https://GITHUB/octo-org/hello/settings/access. With a fine-grained token, its owner also selects the repository in the settings of the token."
    `);
  });

  test("not without single sign-on", async () => {
    practice.github.failNext(
      { method: "GET", path: "/repos/octo-org/hello" },
      {
        status: 403,
        body: { message: "Resource protected by organization SAML enforcement." },
        headers: { "x-github-sso": "required; url=https://github.com/orgs/octo-org/sso" },
      },
    );
    const findings = await practice.examine(HELLO);

    expect(about(ACCESS, findings, practice)).toMatchInlineSnapshot(`
      "failed Copilot account's access: \`octo-org\` lets in only tokens that were authorised for its single sign-on.
        The owner of the Copilot account authorises the token for the organisation, in the list of tokens in the account's developer settings."
    `);
  });

  test("refused for another reason", async () => {
    practice.github.failNext(
      { method: "GET", path: "/repos/octo-org/hello" },
      { status: 403, body: { message: "Repository access blocked" } },
    );
    const findings = await practice.examine(HELLO);

    expect(about(ACCESS, findings, practice)).toMatchInlineSnapshot(`
      "failed Copilot account's access: GitHub answered 403: \`Repository access blocked\`.
        The administrator of the bot finds what this means at https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api."
    `);
  });
});

describe("the end of the token", () => {
  const NOW = new Date("2026-11-21T12:00:00Z");

  test("as GitHub's header tells it", async () => {
    practice.github.failNext(
      { method: "GET", path: "/user" },
      {
        status: 200,
        body: { login: "octocat" },
        headers: { "github-authentication-token-expiration": "2126-12-31 23:59:59 UTC" },
      },
    );
    const findings = await practice.examine(null);

    expect(about(EXPIRY, findings, practice)).toMatchInlineSnapshot(
      `"ok token of the Copilot account: It expires on 2126-12-31."`,
    );
  });

  test.each([
    ["2026-12-05 12:00:00 UTC", "ok", "It expires on 2026-12-05."],
    [
      "2026-12-05 11:59:59 UTC",
      "warning",
      "It expires on 2026-12-05, in 13 days: then no session starts any more.",
    ],
    [
      "2026-11-23 05:00:00 -0800",
      "warning",
      "It expires on 2026-11-23, in 2 days: then no session starts any more.",
    ],
    [
      "2026-11-22 13:00:00 UTC",
      "warning",
      "It expires on 2026-11-22, in a day: then no session starts any more.",
    ],
    [
      "2026-11-21 20:00:00 UTC",
      "warning",
      "It expires on 2026-11-21, within a day: then no session starts any more.",
    ],
    ["some day", "ok", "It expires: `some day`."],
  ])("%s", (header, level, found) => {
    expect(judgeExpiry(header, NOW)).toMatchObject({ level, found });
  });
});
