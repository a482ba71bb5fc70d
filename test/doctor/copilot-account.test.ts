import { describe, expect, test } from "vitest";
import type { Answer } from "../../sandbox/mission-control/behavior.ts";
import type { AccountAnswer, CopilotAccount } from "../../src/core/identity/copilot-account.ts";
import { GITHUB_COM, hostsOf } from "../../src/core/github/hosts.ts";
import { COPILOT_ACCOUNT, judgeCopilotAccount } from "../../src/doctor/copilot-account.ts";
import { about, usePractice } from "./practice.ts";

const practice = usePractice();

const WELL = { login: "octocat", endpoints: { api: "https://copilot-api.octocorp.ghe.com" } };
const FORBIDDEN = { cloud_session_storage_enabled: false, cli_remote_control_enabled: false };

/** What is found when GitHub answers so about the account. */
async function found(body: Answer["body"], status = 200, audience?: "thread") {
  const token = practice.variables["COPILOT_GITHUB_TOKEN"] ?? "";
  practice.missionControl.answerToken(token, { status, body });
  const findings = await practice.examine(null, audience === undefined ? {} : { audience });
  return about(COPILOT_ACCOUNT, findings, practice);
}

describe("GitHub says of the Copilot account", () => {
  test("that its sessions can be seen and controlled", async () => {
    const allowed = { cloud_session_storage_enabled: true, cli_remote_control_enabled: true };
    expect(await found({ ...WELL, ...allowed })).toMatchInlineSnapshot(
      `"ok Copilot account sessions: Sessions of \`octocat\` can be viewed and controlled on GitHub."`,
    );
  });

  test("nothing about its sessions", async () => {
    expect(await found(WELL)).toMatchInlineSnapshot(
      `"ok Copilot account sessions: GitHub doesn't say whether sessions of \`octocat\` can be viewed and controlled."`,
    );
    expect(await found({ login: 1, endpoints: "x", quota_snapshots: [] })).toMatch(/^ok /u);
  });

  test("that a policy forbids both", async () => {
    const organization_login_list = ["octo-org"];
    expect(await found({ ...WELL, ...FORBIDDEN, organization_login_list })).toMatchInlineSnapshot(`
      "failed Copilot account sessions: Sessions of the Copilot account can't be viewed (\`cloud_session_storage_enabled\`) or controlled (\`cli_remote_control_enabled\`) on GitHub: a policy forbids it.
        An owner of the organization that provides the account's license can set “Store local sessions in the Cloud” to “View and control” in its Copilot policies (https://GITHUB/organizations/octo-org/settings/copilot/policies). If an enterprise policy applies, ask an enterprise owner."
    `);
  });

  test("that a policy forbids both: in a thread nobody learns whose member it is", async () => {
    const body = { ...WELL, ...FORBIDDEN, organization_login_list: ["secret-org"] };
    const text = await found(body, 200, "thread");
    expect(text).toMatch(/^failed .*can't be viewed .* or controlled/u);
    expect(text).not.toContain("secret-org");
  });

  test("that control is off, of an account with a license of its own", async () => {
    const body = {
      ...WELL,
      cloud_session_storage_enabled: true,
      cli_remote_control_enabled: false,
    };
    expect(await found(body)).toMatchInlineSnapshot(`
      "failed Copilot account sessions: Sessions of the Copilot account can't be controlled (\`cli_remote_control_enabled\`) on GitHub: a policy forbids it.
        Allow it as the account's owner at https://GITHUB/settings/copilot/features. If an organization provides the license, an organization owner can set “Store local sessions in the Cloud” to “View and control” in its Copilot policies."
    `);
  });

  test("that its quota is used up, and when it renews", async () => {
    const quota_snapshots = { premium_interactions: { percent_remaining: -0.3 } };
    const quota_reset_date_utc = "2026-12-01T00:00:00.000Z";
    expect(await found({ ...WELL, quota_snapshots, quota_reset_date_utc })).toMatchInlineSnapshot(`
      "failed Copilot account sessions: The Copilot account's AI credits or premium requests are used up. They renew on 2026-12-01.
        The account's owner, or an owner of the organization that pays for its license, can raise the budget."
    `);
  });

  test.each([
    [{ percent_remaining: 4.2 }, "warning"],
    [{ percent_remaining: 50 }, "ok"],
    [{ percent_remaining: 0, overage_permitted: true }, "ok"],
    [{ percent_remaining: 0, unlimited: true }, "ok"],
  ])("that of its quota there is left: %j", async (premium_interactions, level) => {
    const text = await found({ ...WELL, quota_snapshots: { premium_interactions } });
    expect(text.split(" ")[0]).toBe(level);
  });

  test("that it has no license", async () => {
    expect(await found({ message: "Not licensed to use Copilot" }, 403)).toMatchInlineSnapshot(`
      "failed Copilot account sessions: GitHub responded with 403: \`Not licensed to use Copilot\`. The Copilot account that the bot uses isn't entitled to Copilot cloud sessions.
        An organization owner can give that account a license in the organization's Copilot access settings."
    `);
  });
});

describe("where its sessions are", () => {
  const account: CopilotAccount = {
    login: "octocat",
    plan: "business",
    hasCopilot: true,
    api: "https://api.business.githubcopilot.com",
    canBeSeen: true,
    canBeControlled: true,
    organizations: [],
    quota: null,
    quotaRenewsAt: null,
  };
  const answer: AccountAnswer = { status: 200, message: "", account };
  const audience = "administrator";

  test.each([
    [{ GHE_PROTOCOL: "https" } as const, false, "ok"],
    [{ GHE_HOST: "octocorp.ghe.com", GHE_PROTOCOL: "https" } as const, false, "failed"],
    [{ GHE_HOST: "octocorp.ghe.com", GHE_PROTOCOL: "https" } as const, true, "ok"],
    [{ GHE_HOST: "ghe.example.com", GHE_PROTOCOL: "https" } as const, false, "warning"],
    [{ GHE_HOST: "ghe.example.com", GHE_PROTOCOL: "https" } as const, true, "ok"],
  ])("with %j, and Mission Control's address configured: %s → %s", (settings, has, level) => {
    const given = { hosts: hostsOf(settings), audience, hasMissionControl: has } as const;
    expect(judgeCopilotAccount(answer, given).level).toBe(level);
  });

  test("on the enterprise's own host", () => {
    const hosts = hostsOf({ GHE_HOST: "octocorp.ghe.com", GHE_PROTOCOL: "https" });
    const own = { ...account, api: "https://copilot-api.octocorp.ghe.com" };
    const given = { hosts, audience, hasMissionControl: false } as const;
    expect(judgeCopilotAccount({ ...answer, account: own }, given).level).toBe("ok");
    const github = { ...given, hosts: GITHUB_COM };
    expect(judgeCopilotAccount(answer, github).level).toBe("ok");
  });
});
