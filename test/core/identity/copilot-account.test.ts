import { describe, expect, test } from "vitest";
import { readCopilotAccount } from "../../../src/core/identity/copilot-account.ts";

test("what GitHub says of an account", () => {
  const body = {
    login: "octocat",
    copilot_plan: "business",
    access_type_sku: "copilot_for_business_seat",
    endpoints: { api: "https://api.business.githubcopilot.com" },
    cloud_session_storage_enabled: true,
    cli_remote_control_enabled: false,
    organization_login_list: ["octo-org"],
    quota_reset_date_utc: "2026-12-01T00:00:00.000Z",
    quota_snapshots: { premium_interactions: { percent_remaining: 12.5, overage_permitted: true } },
  };
  expect(readCopilotAccount(body)).toEqual({
    login: "octocat",
    plan: "business",
    hasCopilot: true,
    api: "https://api.business.githubcopilot.com",
    canBeSeen: true,
    canBeControlled: false,
    organizations: ["octo-org"],
    quota: { percentLeft: 12.5, canBuyMore: true },
    quotaRenewsAt: "2026-12-01T00:00:00.000Z",
  });
});

const UNKNOWN = {
  login: null,
  plan: null,
  hasCopilot: null,
  api: null,
  canBeSeen: null,
  canBeControlled: null,
  organizations: [],
  quota: null,
  quotaRenewsAt: null,
};

test.each([
  ["nothing", {}],
  [
    "something else",
    { login: 1, endpoints: "x", cli_remote_control_enabled: "yes", quota_snapshots: [] },
  ],
])("what it doesn't say is unknown: %s", (_name, body) => {
  expect(readCopilotAccount(body)).toEqual(UNKNOWN);
});

test.each([["<html>"], [null], [[]], [7]])("%j is no answer", (body) => {
  expect(readCopilotAccount(body)).toBeNull();
});

describe("whether the account has Copilot", () => {
  test.each([
    [{ access_type_sku: "no_access" }, false],
    [{ access_type_sku: "free_limited_copilot", can_signup_for_limited: false }, true],
    [{ access_type_sku: "x", can_signup_for_limited: true }, false],
    [{ chat_enabled: true }, null],
  ])("%j: %s", (body, has) => {
    expect(readCopilotAccount(body)?.hasCopilot).toBe(has);
  });
});
