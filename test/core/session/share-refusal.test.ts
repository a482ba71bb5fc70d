import { expect, test } from "vitest";
import type { AccountAnswer } from "../../../src/core/identity/copilot-account.ts";
import { readCopilotAccount } from "../../../src/core/identity/copilot-account.ts";
import { shareFailure } from "../../../src/core/session/share-refusal.ts";

function answer(rights: Readonly<Record<string, boolean>>): AccountAnswer {
  return { status: 200, message: "", account: readCopilotAccount({ login: "octocat", ...rights }) };
}

const FINE = answer({ cli_remote_control_enabled: true, cloud_session_storage_enabled: true });
const UNCONTROLLED = answer({ cli_remote_control_enabled: false });
const UNSEEN = answer({ cloud_session_storage_enabled: false });
const UNKNOWN: AccountAnswer = { status: 401, message: "Bad credentials", account: null };

const FORBIDDEN =
  "Remote sessions are not enabled for this repository. Contact your organization administrator to enable remote sessions.";
const AWAY = "Remote session disabled: server not accessible.";
const UNRESOLVED =
  'Remote session disabled: could not resolve "octo/hello". Logged in as https://github.com (via token).';
const UNAUTHENTICATED =
  "Request session.remote.enable failed with message: Remote session has no current authentication";

test.each([
  ["", UNCONTROLLED, "share_refused", "share_policy"],
  ["", UNSEEN, "share_refused", "share_policy"],
  [FORBIDDEN, UNSEEN, "share_refused", "share_policy"],
  [AWAY, UNCONTROLLED, "share_refused", "share_policy"],
  [FORBIDDEN, FINE, "share_refused", undefined],
  [FORBIDDEN, null, "share_refused", undefined],
  ["", FINE, "share_refused", undefined],
  [AWAY, UNKNOWN, "share_refused", "share_account"],
  [UNAUTHENTICATED, null, "share_refused", "share_account"],
  [UNRESOLVED, FINE, "share_refused", "share_repository"],
  [AWAY, FINE, "mission_control_unreachable", undefined],
  [AWAY, null, "mission_control_unreachable", undefined],
  ["Promise timed out after 30000 milliseconds", FINE, "mission_control_unreachable", undefined],
])("%j, of the account %j, is %s (%s)", (said, account, code, cause) => {
  const failure = shareFailure({ said, account });
  expect([failure.code, failure.cause]).toEqual([code, cause]);
  expect(failure.message).toBe(said === "" ? "the session got no link" : said);
});
