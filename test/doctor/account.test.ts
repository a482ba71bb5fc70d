import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { judgeExpiry } from "../../src/doctor/account.ts";
import { about, HELLO, usePractice } from "./practice.ts";

const practice = usePractice();
const ACCESS = "Copilot account access";
const EXPIRY = "Copilot account token";

test("a token that GitHub doesn't accept: no more requests are made with it", async () => {
  const before = practice.github.requests.length;
  const findings = await practice.examine(HELLO, {
    variables: { COPILOT_GITHUB_TOKEN: "gho_0123456789012345678901234567890123456" },
  });

  expect(about("Copilot account", findings, practice)).toMatchInlineSnapshot(`
    "failed Copilot account: GitHub rejects COPILOT_GITHUB_TOKEN: \`Bad credentials - https://docs.github.com/rest\`. It has expired or was revoked.
      Create a new token for the Copilot account, set COPILOT_GITHUB_TOKEN to it, and restart the bot."
  `);
  expect(about(ACCESS, findings, practice)).toBe("");
  const asked = practice.github.requests.slice(before).filter(({ by }) => by === "unknown");
  expect(asked.map(({ path }) => path)).toEqual(["/user"]);
});

test.each([
  [403, "Sorry. Your account was suspended."],
  [404, "Not Found"],
])("a token of which GitHub doesn't say whose it is: %i", async (status, message) => {
  practice.github.failNext({ method: "GET", path: "/user" }, { status, body: { message } });
  const findings = await practice.examine(HELLO);

  expect(about("Copilot account", findings, practice)).toContain(
    `failed Copilot account: GitHub doesn't say whose token COPILOT_GITHUB_TOKEN is (${status}: \`${message}\`), so the bot starts nothing: it couldn't tell which requests come from this account.`,
  );
  expect(about(ACCESS, findings, practice)).toBe("");
});

test("a bot without an account of its own, because people connect theirs", async () => {
  const variables = {
    COPILOT_GITHUB_TOKEN: "",
    GITHUB_CLIENT_ID: "Iv23liAbCdEfGhIjKlMn",
    GITHUB_CLIENT_SECRET: "s3cret-of-the-app",
    PUBLIC_URL: "https://bot.example.com",
    ENCRYPTION_KEYS: randomBytes(32).toString("base64"),
  };
  const findings = await practice.examine(HELLO, { variables });
  expect(about("Copilot account", findings, practice)).toBe(
    "ok Copilot account: The bot has none of its own: sessions use the Copilot of whoever asks.",
  );
  const what = findings.map((finding) => finding.what);
  expect(what).toContain("Copilot runtime");
  expect(what).not.toContain("Mission Control");
});

test("the tokens of all identities are checked, and the findings say which one they're about", async () => {
  const token = "gho_0123456789012345678901234567890123456";
  const tokens = [
    { variable: "COPILOT_GITHUB_TOKEN", token: practice.github.as("octocat").token },
    { variable: "OTHER_TOKEN", token },
  ];
  const findings = await practice.examine(HELLO, { tokens });

  const found = findings.map(({ level, what }) => `${level} ${what}`);
  expect(found.filter((line) => line.includes("_TOKEN"))).toEqual([
    "ok Copilot account (COPILOT_GITHUB_TOKEN)",
    "ok Copilot account sharing (COPILOT_GITHUB_TOKEN)",
    "ok Copilot account token (COPILOT_GITHUB_TOKEN)",
    "ok Copilot account access (COPILOT_GITHUB_TOKEN)",
    "failed Copilot account (OTHER_TOKEN)",
    "ok Copilot account sessions (COPILOT_GITHUB_TOKEN)",
    "ok Mission Control (COPILOT_GITHUB_TOKEN)",
    "ok Copilot account sessions (OTHER_TOKEN)",
    "ok Mission Control (OTHER_TOKEN)",
  ]);
  expect(about("Copilot account (OTHER_TOKEN)", findings, practice)).toContain(
    "set OTHER_TOKEN to it",
  );
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
      "failed Copilot account access: The Copilot account can't see \`octo-org/hello\`.
        An administrator of \`octo-org/hello\` can give the Copilot account access at https://GITHUB/octo-org/hello/settings/access. For a fine-grained token, also select the repository in the token's settings."
    `);
  });

  test("to read alone", async () => {
    const COPILOT_GITHUB_TOKEN = practice.github.as("reader").token;
    const findings = await practice.examine(HELLO, { variables: { COPILOT_GITHUB_TOKEN } });

    expect(about(ACCESS, findings, practice)).toMatchInlineSnapshot(`
      "warning Copilot account access: Read access only to \`octo-org/hello\`: sessions can't push.
        An administrator of \`octo-org/hello\` can give the Copilot account write access at https://GITHUB/octo-org/hello/settings/access. For a fine-grained token, also select the repository in the token's settings."
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
      "failed Copilot account access: \`octo-org\` requires tokens to be authorized for its single sign-on (SSO).
        Authorize the token for the organization: sign in as the Copilot account and open its token settings."
    `);
  });

  test("refused for another reason", async () => {
    practice.github.failNext(
      { method: "GET", path: "/repos/octo-org/hello" },
      { status: 403, body: { message: "Repository access blocked" } },
    );
    const findings = await practice.examine(HELLO);

    expect(about(ACCESS, findings, practice)).toMatchInlineSnapshot(`
      "failed Copilot account access: GitHub responded with 403: \`Repository access blocked\`.
        https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api explains what this means."
    `);
  });
});

describe("the end of the token", () => {
  const NOW = new Date("2026-11-21T12:00:00Z");

  test("as GitHub's header has it", async () => {
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
      `"ok Copilot account token: Expires on 2126-12-31."`,
    );
  });

  test.each([
    ["2026-12-05 12:00:00 UTC", "ok", "Expires on 2026-12-05."],
    [
      "2026-12-05 11:59:59 UTC",
      "warning",
      "Expires on 2026-12-05, in 13 days. After that, no session can start.",
    ],
    [
      "2026-11-23 05:00:00 -0800",
      "warning",
      "Expires on 2026-11-23, in 2 days. After that, no session can start.",
    ],
    [
      "2026-11-22 13:00:00 UTC",
      "warning",
      "Expires on 2026-11-22, in a day. After that, no session can start.",
    ],
    [
      "2026-11-21 20:00:00 UTC",
      "warning",
      "Expires on 2026-11-21, within a day. After that, no session can start.",
    ],
    ["some day", "ok", "Expires: `some day`."],
  ])("%s", (header, level, found) => {
    expect(judgeExpiry(header, NOW, "COPILOT_GITHUB_TOKEN")).toMatchObject({ level, found });
  });
});
