import { expect, test } from "vitest";
import { explain } from "../../../src/core/comment/remedy.ts";
import { GITHUB_COM, hostsOf } from "../../../src/core/github/hosts.ts";
import type { FailureCause, FailureCode } from "../../../src/core/task/failure.ts";

const CONNECTING = hostsOf({
  GHE_PROTOCOL: "https",
  connecting: { publicUrl: "https://bot.example.com" },
});

function remedyOf(code: FailureCode, cause: FailureCause | null = null, hosts = CONNECTING) {
  const place = {
    hosts,
    owner: "octo-org",
    ownerType: "Organization",
    repository: "hello",
  } as const;
  return explain(code, cause, place, { requester: "octocat" }).remedy;
}

test("a token of the requester's own is replaced by connecting again", () => {
  expect(remedyOf("bad_credentials")).toMatchInlineSnapshot(
    `"The token expired, was revoked, or lacks a permission. [octocat](https://github.com/octocat) can [connect their Copilot again](https://bot.example.com/connect)."`,
  );
  expect(remedyOf("bad_credentials", "permission")).toMatchInlineSnapshot(
    `"[octocat](https://github.com/octocat) can create a new token (fine-grained, account permission **Copilot Requests**) and paste it on [the bot's page](https://bot.example.com/connect)."`,
  );
  expect(remedyOf("sso_required")).toMatchInlineSnapshot(
    `"[octocat](https://github.com/octocat) can sign in on [octo-org's sign-on page](https://github.com/orgs/octo-org/sso) and then authorize the token for octo-org in [its token settings](https://github.com/settings/personal-access-tokens). Otherwise, [octocat](https://github.com/octocat) can [connect their Copilot again](https://bot.example.com/connect)."`,
  );
});

test("no page is linked where people can't connect anymore", () => {
  expect(remedyOf("bad_credentials", null, GITHUB_COM)).toMatchInlineSnapshot(
    `"The token expired, was revoked, or lacks a permission. [octocat](https://github.com/octocat) can connect their Copilot again."`,
  );
});
