import { describe, expect, test } from "vitest";
import type { FailureCause, FailureCode } from "../../../src/core/task/failure.ts";
import type { Refusal } from "../../../src/core/session/refusal.ts";
import { failureOfRuntime } from "./refused.ts";

const HELLO = { owner: "octo-org", repository: "hello" };

/** As the runtime passes an answer on: its message, or the whole text where it has none; never the status. */
function read(text: string, more: Partial<Refusal> = {}) {
  const message = `Request session.create failed with message: ${text}`;
  const { code, cause, nothingCreated } = failureOfRuntime({
    code: -32_603,
    message,
    asked: HELLO,
    ...more,
  });
  return `${code}${cause === undefined ? "" : `/${cause}`}${nothingCreated ? "" : "?"}`;
}

/** A code, its cause behind a slash; a `?` where a session may exist. */
type Known = FailureCode | `${FailureCode}/${FailureCause}` | `${FailureCode}?`;

// Texts that GitHub and Copilot have answered with, as people have reported them.
const ANSWERS: Readonly<Record<string, Partial<Record<Known, readonly string[]>>>> = {
  policies: {
    policy_blocked: [
      "You are not authorized to use this Copilot feature, it requires an enterprise or organization policy to be enabled.",
      "You are not authorized to use this Copilot feature, it requires an enterprise or organization policy to be enabled. (Request ID: E92E:15480:FCBE05:13F35E6:6A890BAE)",
      "Failed to load models: access denied by Copilot policy. (Request ID: DD28:396A99:1D5848:6BFB96:69F85427)",
      "access denied by Copilot policy",
      "blocked by org policy",
      "Copilot cloud agent has been disabled by your organization's policy.",
      "Copilot coding agent is disabled",
      "This feature is disabled by your enterprise.",
      "Copilot in this organization has been disabled by an administrator: not enabled for your organization",
      "Contact your organization administrator to enable Copilot.",
      "Check policy settings in your organization.",
      "The policies of your enterprise do not allow cloud sessions.",
      '{"error":{"code":"policy_blocked","message":"no"}}',
      '{"message":"Forbidden","code":"feature_disabled"}',
      '403 {"error":{"message":"no","code":"policy_disabled"}}',
    ],
    "policy_blocked/repository": [
      "Copilot cloud agent is not enabled for this repository.",
      "user or repo does not have CCA enabled",
      "HTTP 409: user or repo does not have CCA enabled; the request cannot be completed",
      '{"documentation_url":"https://docs.github.com/rest","message":"user or repo does not have CCA enabled"}',
      "Copilot coding agent is not available for this repository",
      "This repository does not have Copilot coding agent enabled",
      "The coding agent has been disabled for this repository by an administrator",
      "Copilot cloud agent isn't enabled in the repository octo-org/hello",
    ],
    "policy_blocked/model": [
      'Model "claude-sonnet-4.5" is not available. It may be disabled by your organization\'s policy.',
      "This model is disabled by your organization's policy. Enable it in settings or ask your admin: https://github.com/settings/copilot",
      "No model available. Check policy enablement under GitHub Settings > Copilot",
    ],
    "policy_blocked/remote_control": [
      "Remote sessions are not enabled. Contact your organization administrator to enable remote sessions.",
      "Remote control is disabled by your organization's policy",
    ],
    "policy_blocked/sandbox": [
      "Cloud Sandbox access is disabled for your organization",
      "Sandbox access must be enabled by an organization owner",
    ],
  },
  licenses: {
    not_entitled: [
      "unauthorized: not licensed to use Copilot\n",
      "You are not licensed to use Copilot.",
      "unauthorized: not authorized to use this Copilot feature\n",
      "403 Forbidden: unauthorized: not authorized to use this Copilot feature",
      "403 Unauthorized: not authorized to use this Copilot feature\n",
      "This API requires a valid Copilot license.",
      "No Copilot license found for this user",
      "User is not entitled to Copilot",
      "Copilot Pro trials have been temporarily paused. Please upgrade your account or revert to Copilot Free.",
      "Your subscription has ended",
      "No active Copilot subscription",
      "Your Copilot access has been suspended",
      "This feature requires a Copilot Business plan",
      '{"error":{"message":"no","code":"copilot_license_required"}}',
    ],
    "not_entitled/license_choice": [
      "You have multiple GitHub Copilot licenses from organizations or enterprises. Configure which license to use: https://github.com/settings/copilot/features",
      '{"error":{"message":"configure billing","code":"billing_not_configured"}}',
    ],
  },
  quotas: {
    quota_exceeded: [
      '{"error":{"message":"You have no quota","code":"quota_exceeded"}}',
      '402 {"error":{"message":"You have no quota","code":"quota_exceeded"}}\n(Request ID: F499:17ECFD:1915C27)',
      '{"message":"You have no quota","code":"quota_exceeded"}',
      "402 You have no quota",
      "You have no quota",
      "quota exceeded\n",
      "Quota exceeded. Upgrade to increase your limit: https://github.com/features/copilot/plans",
      "You have exceeded your premium request allowance.",
      "You have exceeded your premium request allowance. We have automatically switched you to GPT-4.1 which is included with your plan. Enable additional paid premium requests to continue using premium models.",
      "You have reached your monthly limit for premium requests",
      "You've run out of your included AI credits for the month. Manage budget: https://github.com/settings/copilot/features",
      "Premium requests are used up",
      "You exceeded your current quota, please check your plan and billing details",
      '{"error":{"code":"free_quota_exceeded"}}',
    ],
    "quota_exceeded/budget": [
      "You've reached your additional usage limit for your plan. Go to https://github.com/settings/copilot/features for more details.",
      "The job was not started because recent account payments have failed or your spending limit needs to be increased.",
      "Your budget has been exceeded",
      "Payment Required",
      '{"error":{"code":"additional_spend_limit_reached","message":"x"}}',
    ],
    "quota_exceeded/session_limit": [
      "You've reached the spending limit for this session. Start a new session to continue.",
      '{"error":{"code":"session_quota_exceeded"}}',
    ],
  },
  "tokens and networks": {
    sso_required: [
      "Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.",
      "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.",
      "The 'octo-org' organization has enabled or enforced SAML SSO. To access this repository, you must re-authorize the OAuth Application 'GitHub'.",
      "Single sign-on is required",
    ],
    ip_not_allowed: [
      "Although you appear to have the correct authorization credentials, the `octo-org` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.",
      "Although you appear to have the correct authorization credentials, the `octo-org` organization has an IP allow list enabled, and 198.51.100.7 is not permitted to access this resource.",
    ],
    bad_credentials: [
      "Bad credentials",
      "Requires authentication",
      "unauthorized: AuthenticateToken authentication failed",
      "401 401 unauthorized: token expired",
      "session.create cloud requires authentication",
    ],
    "bad_credentials/permission": [
      "unauthorized: Personal Access Token does not have Copilot Requests permission\n",
      "401 401 unauthorized: Personal Access Token does not have Copilot Requests permission",
      "Resource not accessible by personal access token",
      "Resource not accessible by integration",
    ],
    "bad_credentials/token_policy": [
      "Although you appear to have the correct authorization credentials, the `octo-org` organization has enabled OAuth App access restrictions, meaning that data access to third-parties is limited.",
      "`octo-org` forbids access via a personal access token (classic). Please use a GitHub App, OAuth App, or a personal access token with fine-grained permissions.",
      "The 'octo-org' organization forbids access via a fine-grained personal access tokens if the token's lifetime is greater than 366 days.",
    ],
    rate_limited: [
      "rate limited",
      "API rate limit exceeded for user ID 583231.",
      "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
      "Too Many Requests",
      '{"error":{"code":"user_weekly_rate_limited","message":"x"}}',
    ],
  },
  "what is asked for": {
    content_excluded: [
      "This content is excluded: content exclusion policy of your organization",
      "Repository is excluded by Copilot content exclusion",
    ],
    model_not_available: [
      '{"message":"The requested model is not supported.","code":"model_not_supported","param":"model","type":"invalid_request_error"}',
      "The requested model is not supported.",
      '400 {"error":{"message":"no endpoints available for this model under your current plan and policies","code":"no_available_model_endpoints"}}',
      "Error: No supported model available",
      "No model available",
    ],
    repository_not_found: [
      "Not Found",
      "Repository not found",
      "Could not resolve to a Repository with the name 'octo-org/hello'.",
      "Repository octo-org/hello not found",
    ],
    "repository_not_found/write": [
      "You do not have write access to this repository",
      "Write access to repository not granted.",
    ],
    // Refused, for a reason that isn't known: nothing was created.
    unknown: [
      "Validation Failed",
      "Bad Request",
      "Failed to create the remote session in the cloud: the repository or request was not accepted.",
      "Repository was archived so is read-only.",
    ],
  },
  trouble: {
    "mission_control_unreachable?": [
      "Bad Gateway",
      "<html><body>503 Service Unavailable</body></html>",
      "\n<!DOCTYPE html><title>Blocked by policy</title>",
      "<html><body>Access denied by your organization's security policy</body></html>",
      '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
      "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
      "Cloud task metadata omitted sessionId",
      "error sending request for url (http://127.0.0.1:4000/agents/tasks)",
      "error following redirect for url (https://login.example.com/policy-blocked)",
      "Internal Server Error",
      "The policy service is unavailable; the request was denied by default",
      "policy service failed",
      "internal error: failed to evaluate policy: connection denied",
      "Failed to load policies: upstream request timeout",
      "Could not check the policy: not allowed to connect",
      "policy check timed out, request blocked",
      "upstream connect error or disconnect/reset before headers",
      '{"message":"Service Unavailable: entitlement service is down"}',
    ],
    "unknown?": [
      "x",
      "{}",
      "[]",
      "boom",
      "Failed to create the remote session in the cloud or provision the sandbox.",
      // Not GitHub's, or not about this.
      "Request blocked. Learn more: https://example.com/acceptable-use-policy-blocked",
      "The Content-Security-Policy header is missing",
      "Retry policy exhausted: request not permitted",
      "Blocked by your company's network policy",
      "disk quota exceeded",
      '{"error":{"message":"boom"},"documentation_url":"https://docs.github.com/copilot/policy-blocked"}',
      "The branch policy/blocked was deleted",
      "octo-org/hello",
    ],
  },
};

describe.each(Object.entries(ANSWERS))("%s", (_kind, answers) => {
  const rows = Object.entries(answers).flatMap(([known, texts]) =>
    texts.map((text) => [known, text] as const),
  );

  test.each(rows)("%s: %j", (known, text) => {
    expect(read(text)).toBe(known);
  });
});

describe("the repository's own names don't matter", () => {
  test.each([
    [
      "octo-org",
      "policy-blocked",
      "Repository octo-org/policy-blocked not found",
      "repository_not_found",
    ],
    ["octo-org", "policy_blocked", "Something about octo-org/policy_blocked failed", "unknown?"],
    ["octo-org", "sso", "Something about 'sso' failed", "unknown?"],
    ["saml", "quota-exceeded", "Repository quota-exceeded is strange", "unknown?"],
    ["saml", "hello", "saml/hello: boom", "unknown?"],
    ["octo-org", "a.b", "octo-org/a.b is blocked by policy", "policy_blocked"],
  ])("%s/%s: %s", (owner, repository, text, known) => {
    expect(read(text, { asked: { owner, repository } })).toBe(known);
  });
});

describe("a status, where a runtime passes it on", () => {
  test.each<[number, string, Known]>([
    [400, "x", "unknown"],
    [401, "x", "bad_credentials"],
    [402, "x", "quota_exceeded"],
    [403, "x", "unknown"],
    [403, "{}", "unknown"],
    [403, "blocked by org policy", "policy_blocked"],
    [403, "policy service failed", "unknown"],
    [404, "", "repository_not_found"],
    [422, "x", "unknown"],
    [429, "", "rate_limited"],
    [451, "x", "unknown"],
    // These may come although a session was created.
    [408, "x", "unknown?"],
    [409, "x", "unknown?"],
    [409, "user or repo does not have CCA enabled", "policy_blocked/repository"],
    [425, "x", "unknown?"],
    [499, "x", "unknown?"],
    [500, "blocked by org policy", "unknown?"],
    [502, '{"error":{"code":"policy_blocked"}}', "unknown?"],
    [503, "Service Unavailable", "mission_control_unreachable?"],
    [504, "rate limited", "unknown?"],
  ])("%i %s → %s", (status, text, known) => {
    expect(read(text, { status })).toBe(known);
  });

  test.each<[string, number | undefined]>([
    ['402 {"error":{"message":"no"}}', 402],
    ["HTTP 409: x", 409],
    ["CAPIError: 400 x", 400],
    ["401 401 unauthorized: x", 401],
    ["Failed to create Mission Control session: 403", 403],
    ["GitHub API request failed (403)", 403],
    ["Failed to fetch Copilot user info: 401 Unauthorized", 401],
    ["You have used 402 premium requests", undefined],
    ["port 4040 is closed", undefined],
    ["200 OK", undefined],
  ])("is read from the text: %s → %s", (message, status) => {
    expect(failureOfRuntime({ message }).status).toBe(status);
  });
});

test("an unknown response keeps the code of its reason", () => {
  const message = '{"error":{"message":"Nope","code":"moon_phase"}}';
  expect(failureOfRuntime({ message })).toEqual({
    code: "unknown",
    message,
    nothingCreated: false,
    reason: "moon_phase",
  });
});
