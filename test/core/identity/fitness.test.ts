import { describe, expect, test } from "vitest";
import { GITHUB_COM, hostsOf } from "../../../src/core/github/hosts.ts";
import type { TokenKind } from "../../../src/core/identity/connection.ts";
import { readCopilotAccount } from "../../../src/core/identity/copilot-account.ts";
import type { TokenQuestion } from "../../../src/core/identity/fitness.ts";
import {
  readPerson,
  rightsOf,
  unfitForm,
  unfitnessIn,
  unfitnessOf,
} from "../../../src/core/identity/fitness.ts";
import { tokenFormOf } from "../../../src/core/identity/token-form.ts";

const ASKED: TokenQuestion = {
  of: "Copilot",
  kind: "personal",
  login: "octocat",
  hosts: GITHUB_COM,
};
const SETTINGS = "https://github.com/settings";

describe("the form of a token", () => {
  test.each([
    ["ghu_0123456789", "app"],
    ["gho_0123456789", "oauth_app"],
    ["github_pat_0123456789_abc", "personal"],
    ["ghp_0123456789", "classic"],
    ["ghs_0123456789", "installation"],
    ["ghr_0123456789", "refresh"],
    ["0123456789abcdef", "unknown"],
    ["ghu_", "unknown"],
    ["ghu_0123456789\n", "unknown"],
    ["ghu_0123456789 x", "unknown"],
    [`ghu_${"x".repeat(300)}`, "unknown"],
    ["", "unknown"],
  ])("%j: %s", (token, form) => {
    expect(tokenFormOf(token)).toBe(form);
  });

  test("says whether it's worth a try", () => {
    expect(unfitForm("app", GITHUB_COM)).toBeNull();
    expect(unfitForm("classic", GITHUB_COM)).toEqual({
      problem:
        "Copilot doesn't accept classic personal access tokens (ghp_). Create a fine-grained personal access token with the account permission “Copilot Requests”.",
      page: `${SETTINGS}/personal-access-tokens/new`,
    });
    expect(unfitForm("unknown", GITHUB_COM)?.problem).toMatch(/^This isn't a token that Copilot/);
  });
});

describe("whose token it is", () => {
  test("a person's", () => {
    const body = { id: 1, login: "octocat", type: "User", name: "Mona" };
    expect(readPerson(body)).toEqual({ id: 1, login: "octocat" });
    expect(readPerson({ id: 1, login: "octocat_acme" })).toEqual({ id: 1, login: "octocat_acme" });
  });

  test.each([
    [{ id: 1, login: "a[bot]", type: "Bot" }],
    [{ id: 1, login: "octo-org", type: "Organization" }],
    [{ id: "1", login: "octocat" }],
    [{ login: "octocat" }],
    [{ id: 1, login: "<b>" }],
    ["<html>"],
  ])("%j: nobody's", (body) => {
    expect(readPerson(body)).toBeNull();
  });
});

describe("a refusal by Copilot", () => {
  const PERMISSION = `${SETTINGS}/personal-access-tokens`;
  const COPILOT = `${SETTINGS}/copilot`;
  const NEW = `${SETTINGS}/personal-access-tokens/new`;

  test.each<[TokenKind, number, string, RegExp, string | null]>([
    ["personal", 403, "Resource not accessible by personal access token", /lacks/, PERMISSION],
    [
      "personal",
      401,
      "unauthorized: Personal Access Token does not have Copilot Requests permission",
      /lacks the account permission “Copilot Requests”/,
      PERMISSION,
    ],
    ["personal", 403, "Forbidden", /lacks/, PERMISSION],
    ["app", 403, "Resource not accessible by integration", /doesn't accept the token/, NEW],
    ["app", 401, "Bad credentials", /expired or was revoked/, null],
    ["personal", 401, "Bad credentials", /expired or was revoked/, PERMISSION],
    ["oauth_app", 404, "Not Found", /Copilot isn't enabled for @octocat/, COPILOT],
    ["oauth_app", 403, "Not licensed to use Copilot", /isn't enabled for @octocat/, COPILOT],
    ["personal", 403, "blocked by org policy", /a policy doesn't allow them/, COPILOT],
    ["app", 403, "Forbidden", /a policy doesn't allow them/, COPILOT],
    ["app", 403, "Resource protected by organization SAML enforcement.", /sign-on/, PERMISSION],
  ])("of %s with %i %j", (kind, status, message, says, page) => {
    const unfitness = unfitnessIn({ status, message }, { ...ASKED, kind });
    expect(unfitness?.problem).toMatch(says);
    expect(unfitness?.page).toBe(page);
  });

  test.each([
    [500, "boom"],
    [502, "<html>"],
    [429, "Too many requests"],
    [403, "API rate limit exceeded for user"],
    [403, "You have exceeded a secondary rate limit."],
    [400, "Bad Request"],
    [302, ""],
  ])("that passes: %i %j", (status, message) => {
    expect(unfitnessIn({ status, message }, ASKED)).toBeNull();
  });

  test("where a server has no Copilot of its own", () => {
    const hosts = hostsOf({ GHE_HOST: "ghe.example.com", GHE_PROTOCOL: "https" });
    const answer = { status: 401, message: "Bad credentials" };
    expect(unfitnessIn(answer, { ...ASKED, kind: "app", hosts })).toEqual({
      problem:
        "Copilot accounts are on github.com, which doesn't accept a token of ghe.example.com. Ask the bot's administrator to start tasks with the bot's own account.",
      page: null,
    });
  });

  test("is another thing than one by GitHub", () => {
    const asked: TokenQuestion = { ...ASKED, of: "account", login: null };
    expect(unfitnessIn({ status: 404, message: "Not Found" }, asked)).toBeNull();
    const suspended = { status: 403, message: "Sorry. Your account was suspended." };
    expect(unfitnessIn(suspended, asked)).toMatchObject({ page: null });
  });
});

describe("an account", () => {
  const FINE = {
    copilot_plan: "business",
    access_type_sku: "x",
    cloud_session_storage_enabled: true,
    cli_remote_control_enabled: true,
    organization_login_list: ["octo-org"],
  };
  function found(more: object, hosts: TokenQuestion["hosts"] = GITHUB_COM) {
    const account = readCopilotAccount({ ...FINE, ...more });
    if (account === null) throw new TypeError("It isn't one");
    return { unfitness: unfitnessOf(account, { ...ASKED, hosts }), rights: rightsOf(account) };
  }

  test("that may do it all, or of which GitHub doesn't say", () => {
    expect(found({})).toEqual({
      unfitness: null,
      rights: { plan: "business", cloudSessions: true, remoteControl: true },
    });
    const silent = {
      copilot_plan: undefined,
      cloud_session_storage_enabled: undefined,
      cli_remote_control_enabled: undefined,
    };
    expect(found(silent)).toEqual({
      unfitness: null,
      rights: { plan: null, cloudSessions: null, remoteControl: null },
    });
  });

  test("without Copilot", () => {
    expect(found({ access_type_sku: "no_access" }).unfitness).toEqual({
      problem:
        "Copilot isn't enabled for @octocat. Choose a plan with Copilot cloud agent, or ask an organization owner for a license.",
      page: `${SETTINGS}/copilot`,
    });
  });

  test("whose organization doesn't allow it", () => {
    expect(found({ cli_remote_control_enabled: false }).unfitness).toEqual({
      problem:
        "A Copilot policy doesn't allow sessions of @octocat to be controlled on GitHub. Ask an owner of octo-org to set “Store local sessions in the Cloud” to “View and control” in the Copilot policies. If an enterprise policy applies, ask an enterprise owner.",
      page: "https://github.com/organizations/octo-org/settings/copilot/policies",
    });
    const both = { cli_remote_control_enabled: false, cloud_session_storage_enabled: false };
    const orgs = { organization_login_list: ["<b>", "a", "b"] };
    const { unfitness } = found({ ...both, ...orgs });
    expect(unfitness?.problem).toContain("viewed or controlled");
    expect(unfitness?.problem).toContain("an owner of a or b");
    expect(unfitness?.problem).not.toContain("<b>");
  });

  test("with a plan of its own, on the enterprise's host", () => {
    const hosts = hostsOf({ GHE_HOST: "octocorp.ghe.com", GHE_PROTOCOL: "https" });
    const more = { cloud_session_storage_enabled: false, organization_login_list: [] };
    expect(found(more, hosts).unfitness).toEqual({
      problem:
        "A Copilot policy doesn't allow sessions of @octocat to be viewed on GitHub. Set “Store local sessions in the Cloud” to “View and control” in your Copilot settings. If an organization provides your license, ask an owner of it.",
      page: "https://octocorp.ghe.com/settings/copilot",
    });
  });
});
