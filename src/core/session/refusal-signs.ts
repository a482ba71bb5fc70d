import type { FailureCause, FailureCode } from "../task/failure.ts";

/** What an answer means. */
export interface Meaning {
  readonly code: FailureCode;
  readonly cause?: FailureCause;
  /** Whether such an answer comes instead of a session, never beside one. */
  readonly nothingCreated: boolean;
}

/** How an answer is recognized by its words. */
export interface Sign extends Meaning {
  readonly says: RegExp;
}

/** A sign of an answer that comes instead of a session. */
export const sign = (says: RegExp, code: FailureCode, cause?: FailureCause): Sign => ({
  says,
  ...refused(code, cause),
});

/** An answer that comes instead of a session. */
function refused(code: FailureCode, cause?: FailureCause): Meaning {
  return { code, nothingCreated: true, ...(cause === undefined ? {} : { cause }) };
}

/** A sign of trouble on the way, or at the other end: a session may have been created. */
export const trouble = (code: FailureCode, says: RegExp): Sign => ({
  says,
  code,
  nothingCreated: false,
});

/** A page is somebody else's than Mission Control, whatever it says. */
export const PAGE = trouble(
  "mission_control_unreachable",
  /^\s*<(?:!doctype|html|\?xml)\b|^SyntaxError: /iu,
);

/** What is no answer at all. */
export const SILENCE = trouble(
  "mission_control_unreachable",
  /error (?:sending request|following redirect)|fetch failed|socket hang up/u,
);

/** Something broke at the other end; what else the text mentions was only in the way. */
export const SERVER_TROUBLE = trouble(
  "mission_control_unreachable",
  /bad gateway|gateway time-?out|service (?:is )?(?:temporarily )?unavailable|internal (?:server )?error|upstream (?:connect|request|error)|(?:connection|deadline|context) (?:refused|reset|exceeded|timed? ?out)|polic(?:y|ies) (?:service|check|evaluation|lookup|engine)\b|(?:failed|unable|could not|error) (?:to )?(?:evaluat|check|look|resolv|fetch|read|load)\w*[^.\n]{0,30}\bpolic(?:y|ies)\b/iu,
);

/** Words by which APIs of Copilot's and GitHub's name a reason, in small letters. */
export const REASONS: ReadonlyMap<string, Meaning> = new Map([
  ...named(refused("policy_blocked"), "policy_blocked policy_disabled feature_disabled"),
  ...named(refused("policy_blocked"), "copilot_disabled disabled_by_policy"),
  ...named(refused("policy_blocked", "repository"), "cca_not_enabled agent_not_enabled"),
  ...named(refused("quota_exceeded"), "quota_exceeded free_quota_exceeded insufficient_quota"),
  ...named(refused("quota_exceeded", "session_limit"), "session_quota_exceeded"),
  ...named(
    refused("quota_exceeded", "budget"),
    "additional_spend_limit_reached overage_limit_reached billing_limit_reached payment_required",
  ),
  ...named(refused("not_entitled", "license_choice"), "billing_not_configured"),
  ...named(refused("not_entitled"), "not_entitled user_not_entitled not_licensed"),
  ...named(
    refused("not_entitled"),
    "copilot_license_required no_copilot_access subscription_ended",
  ),
  ...named(refused("model_not_available"), "model_not_supported no_available_model_endpoints"),
  ...named(refused("model_not_available"), "model_not_available model_not_found"),
  ...named(refused("content_excluded"), "content_excluded content_exclusion"),
  ...named(refused("sso_required"), "sso_required saml_required saml_failure"),
  ...named(refused("ip_not_allowed"), "ip_not_allowed ip_allow_list"),
  ...named(refused("rate_limited"), "rate_limited rate_limit_exceeded too_many_requests"),
  ...named(refused("rate_limited"), "user_global_rate_limited user_model_rate_limited"),
  ...named(refused("rate_limited"), "user_weekly_rate_limited integration_rate_limited"),
  ...named(refused("rate_limited"), "agent_mode_limit_exceeded secondary_rate_limit"),
  ...named(refused("bad_credentials"), "bad_credentials invalid_token token_expired"),
]);

function named(meaning: Meaning, names: string): (readonly [string, Meaning])[] {
  return names.split(" ").map((name) => [name, meaning] as const);
}

/** A policy of Copilot's, not one of a network's, a browser's, or a client's. */
const POLICY = String.raw`(?<!\b(?:security|privacy|cookie|referrer|retry|backoff|cache|retention|network|firewall|proxy|cors|iam)[ -])\bpolic(?:y|ies)\b(?![\w/-])`;
const BLOCKED = String.raw`(?:block(?:ed|s)|disabl(?:ed|es)|den(?:y|ied|ies)|forbid(?:den|s)?|prohibit(?:ed|s)?|restricted|(?:not|n't) (?:be )?(?:allow|permit|enable)(?:ed|d)?)\b`;
const AGENT = String.raw`(?:copilot )?(?:cloud|coding|swe) agent|\bCCA\b`;
const OFF = String.raw`(?:not|n't|un)[ -]?(?:currently )?(?:been )?(?:enabled|available|allowed)|disabled|turned off|blocked|no access`;
const HERE = String.raw`(?:this|the|your|requested) repo(?:sitory)?`;

/**
 * What answers say in words, first match first: what is special comes before what is common. The words
 * are GitHub's and Copilot's own, as people have reported them.
 */
export const WORDS: readonly Sign[] = [
  sign(/\bSAML\b|single sign-?on|\bSSO\b/iu, "sso_required"),
  sign(
    /\bIP allow ?list|\bIP address\b[^.\n]{0,40}\bnot (?:permitted|allowed)/iu,
    "ip_not_allowed",
  ),
  sign(/OAuth App access restrictions|forbids access via/iu, "bad_credentials", "token_policy"),
  sign(
    /token does not have[^.\n]{0,40}permission|not accessible by (?:personal access token|integration)|missing (?:the )?required scope/iu,
    "bad_credentials",
    "permission",
  ),
  sign(/content exclu(?:sion|ded)|excluded (?:from|by) copilot/iu, "content_excluded"),
  sign(/multiple (?:github )?copilot licen[cs]es/iu, "not_entitled", "license_choice"),
  sign(/spending limit for this session/iu, "quota_exceeded", "session_limit"),
  sign(
    /spending limit|additional (?:usage|spend\w*) limit|overage limit|payments? (?:ha(?:s|ve) )?failed|budget[^.\n]{0,30}(?:exceeded|exhausted|reached|used up)|payment required/iu,
    "quota_exceeded",
    "budget",
  ),
  sign(
    /(?<!disk |storage )\bquota[_ ]exceeded|exceeded your (?:\w+ )?quota|\b(?:no|out of|used up|used all)\b[^.\n]{0,40}\b(?:quota|premium requests?|AI credits?)\b|premium requests? (?:allowance|limit|quota)|(?:premium requests?|AI credits?)[^.\n]{0,40}(?:used up|exhausted|exceeded|depleted)|(?:exceeded|reached|used)[^.\n]{0,40}\b(?:premium requests?|AI credits?|monthly (?:limit|quota|allowance))\b|insufficient (?:AI )?credits/iu,
    "quota_exceeded",
  ),
  sign(
    /(?:cloud )?sandbox(?:es)? access|cloud sandbox(?:es)? (?:is|are|has been)? ?(?:not|disabled)/iu,
    "policy_blocked",
    "sandbox",
  ),
  sign(
    /remote (?:sessions?|control) (?:is|are) (?:not enabled|disabled)/iu,
    "policy_blocked",
    "remote_control",
  ),
  sign(
    new RegExp(
      `(?:${AGENT})[^.\\n]{0,60}(?:${OFF})[^.\\n]{0,30}${HERE}|${HERE}[^.\\n]{0,60}(?:${OFF})[^.\\n]{0,30}(?:${AGENT})|does(?: not|n't) have (?:${AGENT}) enabled|${HERE}[^.\\n]{0,20}does(?: not|n't) have[^.\\n]{0,20}(?:${AGENT})`,
      "iu",
    ),
    "policy_blocked",
    "repository",
  ),
  sign(
    new RegExp(
      `(?<!\\b(?:load|list|fetch) )\\bmodels?\\b[^\\n]{0,120}(?:${BLOCKED}[^.\\n]{0,60}${POLICY})|no (?:supported )?models? available\\.[^\\n]{0,20}policy`,
      "iu",
    ),
    "policy_blocked",
    "model",
  ),
  sign(
    new RegExp(
      `${BLOCKED}[^.\\n]{0,60}${POLICY}|${POLICY}[^.\\n]{0,60}${BLOCKED}|requires?[^.\\n]{0,60}${POLICY}[^.\\n]{0,30}(?:enabled|allow)|check[^.\\n]{0,20}\\bpolicy (?:enablement|settings?)`,
      "iu",
    ),
    "policy_blocked",
  ),
  sign(
    new RegExp(
      `(?:${OFF})[^.\\n]{0,20} (?:by|for|in) (?:your|the|this) (?:organi[sz]ation|org|enterprise|admin\\w*)\\b|contact your (?:organi[sz]ation|enterprise|org)?[ -]?(?:admin\\w*|owner)[^.\\n]{0,20}\\b(?:enable|allow)`,
      "iu",
    ),
    "policy_blocked",
  ),
  sign(new RegExp(`(?:${AGENT})[^.\\n]{0,40}(?:${OFF})`, "iu"), "policy_blocked"),
  sign(
    /rate[ -]?limit(?:ed| exceeded)|exceeded .{0,30}rate limit|too many requests/iu,
    "rate_limited",
  ),
  sign(
    /not authori[sz]ed to use this copilot feature|not entitled|entitlement|(?:not|n't) (?:licen[cs]ed|subscribed)|no (?:active )?(?:copilot )?(?:access|licen[cs]e|seat|subscription)\b|subscription (?:has )?(?:ended|expired|lapsed)|trials? ha(?:s|ve) (?:been )?(?:temporarily )?(?:paused|ended)|(?:requires?|needs?|without) an? (?:valid |paid |active )?(?:github )?copilot (?:licen[cs]e|subscription|plan|seat|pro|business|enterprise)|copilot[^.\n]{0,30}\b(?:suspended|revoked)\b/iu,
    "not_entitled",
  ),
  sign(
    /model[^.\n]{0,40}(?:not (?:supported|available|found)|unavailable)|no (?:supported )?models? available|no endpoints available for this model/iu,
    "model_not_available",
  ),
  sign(
    /(?:no|not have|n't have|without|requires?) (?:write|push) (?:access|permission)|write access[^.\n]{0,30}not granted/iu,
    "repository_not_found",
    "write",
  ),
  sign(
    /bad credentials|requires authentication|unauthori[sz]ed|authentication failed/iu,
    "bad_credentials",
  ),
  sign(
    /^(?:repository )?not found\b|could not resolve to a repository|repository[^.\n]{0,60}\bnot found\b/iu,
    "repository_not_found",
  ),
  // GitHub's answer to a request that it doesn't understand, or doesn't accept.
  sign(
    /^validation failed\b|^bad request\b|^unprocessable\b|request was not accepted|repository was archived/iu,
    "unknown",
  ),
];

/** What a status says where the words say nothing. */
export const STATUSES: ReadonlyMap<number, Meaning> = new Map([
  [401, refused("bad_credentials")],
  [402, refused("quota_exceeded")],
  [404, refused("repository_not_found")],
  [429, refused("rate_limited")],
]);
