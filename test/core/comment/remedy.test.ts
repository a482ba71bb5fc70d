import { describe, expect, test } from "vitest";
import { copilotTokens } from "../../../src/config/copilot-tokens.ts";
import { readEnvironment } from "../../../src/config/environment.ts";
import { explain } from "../../../src/core/comment/remedy.ts";
import type { SettingsPlace } from "../../../src/core/github/settings-pages.ts";
import { REQUIRED } from "../../config/required.ts";
import { KINDS, ORGANIZATION, PERSON, UNKNOWN } from "./remedy-places.ts";

/** Those of the machine that a session runs on have a test of their own. */
const AT_GITHUB = KINDS.filter(
  ([code]) => code !== "isolation_unavailable" && code !== "limit_exceeded",
);

/** Every explanation, as `code/cause: sentence | remedy`. */
function allFor(place: SettingsPlace): string {
  return AT_GITHUB.map(([code, cause]) => {
    const { sentence, remedy } = explain(code, cause, place);
    return `${code}${cause === null ? "" : `/${cause}`}\n  ${sentence}\n  ${remedy}`;
  }).join("\n");
}

describe("what a failure means", () => {
  test.each(KINDS)("%s %s: a sentence, and who can fix it", (code, cause) => {
    for (const place of [ORGANIZATION, PERSON, UNKNOWN]) {
      const { sentence, remedy } = explain(code, cause, place);
      expect(sentence).toMatch(/^[A-Za-z[].*\.$/u);
      expect(remedy).toMatch(/^[A-Za-z[].*\.$/u);
      expect(`${sentence}${remedy}`).not.toMatch(/undefined|null|\n| {2}|\.\./u);
    }
  });

  test("is another one for each", () => {
    const sentences = KINDS.map(([code, cause]) => explain(code, cause, ORGANIZATION).sentence);
    expect(new Set(sentences).size).toBe(KINDS.length);
  });

  test("in an organization's repository", () => {
    expect(allFor(ORGANIZATION)).toMatchInlineSnapshot(`
      "policy_blocked
        A Copilot policy doesn't allow this session.
        An organization owner can allow Copilot cloud agent in [octo-org's Copilot policies](https://github.com/organizations/octo-org/settings/copilot/policies). If an enterprise policy applies, an enterprise owner can change it under **AI controls** in [the enterprise's settings](https://github.com/settings/enterprises).
      policy_blocked/repository
        Copilot cloud agent isn't enabled for this repository.
        An organization owner can add hello under **Repository access** in [octo-org's cloud agent settings](https://github.com/organizations/octo-org/settings/copilot/coding_agent), and enable **Copilot cloud agent** in [octo-org's Copilot policies](https://github.com/organizations/octo-org/settings/copilot/policies).
      policy_blocked/model
        A Copilot policy leaves no model that this session can use.
        An organization owner can enable models in [octo-org's Copilot models](https://github.com/organizations/octo-org/settings/copilot/models), and features in [octo-org's Copilot policies](https://github.com/organizations/octo-org/settings/copilot/policies).
      policy_blocked/sandbox
        A Copilot policy doesn't allow cloud sandboxes, in which sessions run.
        An organization owner can enable **Sandbox access** under **Sandboxes** in [octo-org's settings](https://github.com/organizations/octo-org/settings/profile). If another organization provides the Copilot account's license, an owner of that organization can do so there.
      policy_blocked/remote_control
        A Copilot policy doesn't allow sessions to be seen or controlled from GitHub.
        An organization owner can set **Store local sessions in the Cloud** to **View and control** in [octo-org's Copilot policies](https://github.com/organizations/octo-org/settings/copilot/policies). If another organization provides the Copilot account's license, an owner of that organization can do so there.
      not_entitled
        The Copilot account that the bot uses isn't entitled to Copilot cloud sessions.
        An organization owner can give that account a license in [octo-org's Copilot access settings](https://github.com/organizations/octo-org/settings/copilot/seat_management).
      not_entitled/license_choice
        The Copilot account that the bot uses has several Copilot licenses, and none is selected.
        The owner of that account can select one in [its Copilot settings](https://github.com/settings/copilot/features).
      quota_exceeded
        The Copilot account that the bot uses has used up its AI credits or premium requests.
        The included allowance renews on the first day of each month (UTC). Before that, the owner of that account can see its usage in [its Copilot settings](https://github.com/settings/copilot/features); an organization owner can raise [octo-org's budgets](https://github.com/organizations/octo-org/settings/billing/budgets).
      quota_exceeded/budget
        The Copilot account that the bot uses has reached its spending limit.
        The included allowance renews on the first day of each month (UTC). Before that, the owner of that account can see its usage in [its Copilot settings](https://github.com/settings/copilot/features); an organization owner can raise [octo-org's budgets](https://github.com/organizations/octo-org/settings/billing/budgets).
      quota_exceeded/session_limit
        The session reached its own spending limit.
        Raise \`session_limits\` in the policy file, or divide the work into smaller tasks.
      prompt_not_delivered
        The session started but didn't confirm that it received your request.
        Open the session. If your request isn't there, send it there.
      prompt_not_delivered/disconnected
        The owner of the Copilot account that the bot uses disconnected their Copilot before the session confirmed the request.
        Open the session. If your request isn't there, send it there. The bot's administrator: create a new token of the Copilot account in [its token settings](https://github.com/settings/personal-access-tokens), set \`COPILOT_GITHUB_TOKEN\` to it, and restart the bot.
      bad_credentials
        Copilot didn't accept the token that the bot uses.
        The token expired, was revoked, or lacks a permission. The bot's administrator: create a new token of the Copilot account in [its token settings](https://github.com/settings/personal-access-tokens), set \`COPILOT_GITHUB_TOKEN\` to it, and restart the bot.
      bad_credentials/permission
        The token that the bot uses lacks a permission.
        The bot's administrator: create a new token of the Copilot account (fine-grained, account permission **Copilot Requests**) in [its token settings](https://github.com/settings/personal-access-tokens), set \`COPILOT_GITHUB_TOKEN\` to it, and restart the bot.
      bad_credentials/token_policy
        octo-org doesn't let in the token that the bot uses.
        An organization owner can allow the token in [octo-org's token settings](https://github.com/organizations/octo-org/settings/personal-access-tokens), or its App in [octo-org's OAuth app policy](https://github.com/organizations/octo-org/settings/oauth_application_policy).
      sso_required
        octo-org requires single sign-on, and the token that the bot uses isn't authorized for it.
        The owner of the Copilot account that the bot uses can sign in on [octo-org's sign-on page](https://github.com/orgs/octo-org/sso) and then authorize the token for octo-org in [its token settings](https://github.com/settings/personal-access-tokens). Otherwise, the bot's administrator: create a new token of the Copilot account in [its token settings](https://github.com/settings/personal-access-tokens), set \`COPILOT_GITHUB_TOKEN\` to it, and restart the bot.
      ip_not_allowed
        octo-org has an IP allow list, and an address that this session needs isn't on it.
        An organization owner can add the address of the bot's machine, and allow GitHub Apps and Copilot, under **IP allow list** in [octo-org's authentication security settings](https://github.com/organizations/octo-org/settings/security). If the list is the enterprise's, an enterprise owner can change it in [the enterprise's settings](https://github.com/settings/enterprises).
      content_excluded
        Content exclusion keeps Copilot from this repository or these files.
        An administrator of the repository can change it in [hello's content exclusions](https://github.com/octo-org/hello/settings/copilot/content_exclusion); the organization and the enterprise have such settings, too.
      model_not_available
        No model that this session can use is available to the Copilot account that the bot uses.
        An organization owner can enable models in [octo-org's Copilot models](https://github.com/organizations/octo-org/settings/copilot/models).
      rate_limited
        Too many sessions were started in a short time.
        No action is needed: wait a few minutes.
      start_timed_out
        The session was requested, but its agent didn't start in time.
        It may still start. [GitHub's status page](https://www.githubstatus.com) shows outages.
      share_refused
        Mission Control refused to show this session on GitHub.
        An organization owner can set **Store local sessions in the Cloud** to **View and control** in [octo-org's Copilot policies](https://github.com/organizations/octo-org/settings/copilot/policies). If another organization provides the Copilot account's license, an owner of that organization can do so there.
      share_refused/share_policy
        A Copilot policy doesn't allow this session to be seen and controlled on GitHub.
        An organization owner can set **Store local sessions in the Cloud** to **View and control** in [octo-org's Copilot policies](https://github.com/organizations/octo-org/settings/copilot/policies). If another organization provides the Copilot account's license, an owner of that organization can do so there.
      share_refused/share_account
        GitHub didn't accept the token that the bot uses, so this session can't be seen there.
        The token expired, was revoked, or lacks a permission. The bot's administrator: create a new token of the Copilot account in [its token settings](https://github.com/settings/personal-access-tokens), set \`COPILOT_GITHUB_TOKEN\` to it, and restart the bot.
      share_refused/share_repository
        The Copilot account that the bot uses can't see octo-org/hello, so this session can't be seen on GitHub.
        An administrator of the repository can give that account access in [hello's access settings](https://github.com/octo-org/hello/settings/access).
      runtime_unsupported
        The Copilot runtime on the bot's machine can't create cloud sessions.
        The bot's administrator: install the versions that work together, \`@github/copilot-sdk\` 1.0.11 with \`@github/copilot\` 1.0.80.
      runtime_crashed
        The Copilot runtime on the bot's machine stopped during this task.
        If this happens again, the bot's log has the details.
      checkout_failed
        The session didn't start, because the repository couldn't be checked out.
        The bot tried to start it 4 times. The bot's log has the details.
      repository_not_found
        The Copilot account that the bot uses can't see this repository.
        An administrator of the repository can give that account write access in [hello's access settings](https://github.com/octo-org/hello/settings/access). With a fine-grained token, the account's owner also selects the repository in [its token settings](https://github.com/settings/personal-access-tokens).
      repository_not_found/write
        The Copilot account that the bot uses may not write to this repository.
        An administrator of the repository can give that account write access in [hello's access settings](https://github.com/octo-org/hello/settings/access).
      app_not_permitted
        GitHub doesn't let the bot's App do this: the App is no longer installed on this repository, or lacks a permission.
        An owner of octo-org can add hello to the App's repositories, or accept its permissions, in [octo-org's installed GitHub Apps](https://github.com/organizations/octo-org/settings/installations).
      app_not_permitted/app_contents
        The bot's GitHub App lacks the permission **Contents: Read and write**, which it needs to fetch and push commits.
        The App's owner can set it under **Permissions & events** in the App's settings; \`script/doctor\` shows the address. Then an owner of octo-org can accept it in [octo-org's installed GitHub Apps](https://github.com/organizations/octo-org/settings/installations).
      app_not_permitted/account_contents
        octo-org hasn't accepted the permission **Contents: Read and write** of the bot's GitHub App, which needs it to fetch and push commits.
        An owner of octo-org can accept it in [octo-org's installed GitHub Apps](https://github.com/organizations/octo-org/settings/installations).
      app_not_permitted/app_pull_requests
        The bot's GitHub App lacks the permission **Pull requests: Read and write**, which it needs to open pull requests.
        The App's owner can set it under **Permissions & events** in the App's settings; \`script/doctor\` shows the address. Then an owner of octo-org can accept it in [octo-org's installed GitHub Apps](https://github.com/organizations/octo-org/settings/installations).
      app_not_permitted/account_pull_requests
        octo-org hasn't accepted the permission **Pull requests: Read and write** of the bot's GitHub App, which needs it to open pull requests.
        An owner of octo-org can accept it in [octo-org's installed GitHub Apps](https://github.com/organizations/octo-org/settings/installations).
      mission_control_unreachable
        Mission Control didn't respond as expected.
        [GitHub's status page](https://www.githubstatus.com) shows outages. The bot's administrator can check its network and \`COPILOT_MC_BASE_URL\`.
      github_unreachable
        GitHub didn't answer the bot's questions about this repository.
        [GitHub's status page](https://www.githubstatus.com) shows outages.
      github_refused
        GitHub refused the bot's requests about this thread for too long.
        The bot's log has GitHub's message. \`script/doctor\` shows whether other threads are affected.
      interrupted
        The bot was interrupted during this task and doesn't know how far it got.
        The bot never creates a second session by itself.
      unknown
        An unexpected error kept Copilot from creating the session.
        The bot's log has the details."
    `);
  });

  test("in a person's repository", () => {
    expect(allFor(PERSON)).toMatchInlineSnapshot(`
      "policy_blocked
        A Copilot policy doesn't allow this session.
        octocat can allow Copilot cloud agent in [octocat's Copilot settings](https://github.com/settings/copilot/features). If an organization pays for the Copilot account that the bot uses, an owner of that organization can allow it in its Copilot policies.
      policy_blocked/repository
        Copilot cloud agent isn't enabled for this repository.
        octocat can add hello under **Repository access** in [octocat's cloud agent settings](https://github.com/settings/copilot/coding_agent).
      policy_blocked/model
        A Copilot policy leaves no model that this session can use.
        The owner of the Copilot account that the bot uses can enable models in [its Copilot settings](https://github.com/settings/copilot/features).
      policy_blocked/sandbox
        A Copilot policy doesn't allow cloud sandboxes, in which sessions run.
        The owner of the Copilot account that the bot uses can enable them in [its Copilot settings](https://github.com/settings/copilot/features). If another organization provides the Copilot account's license, an owner of that organization can enable **Sandbox access** under **Sandboxes** in its settings.
      policy_blocked/remote_control
        A Copilot policy doesn't allow sessions to be seen or controlled from GitHub.
        The owner of the Copilot account that the bot uses can allow it in [its Copilot settings](https://github.com/settings/copilot/features). If another organization provides the Copilot account's license, an owner of that organization can set **Store local sessions in the Cloud** to **View and control** in its Copilot policies.
      not_entitled
        The Copilot account that the bot uses isn't entitled to Copilot cloud sessions.
        The owner of that account can get a plan with Copilot cloud agent in [its Copilot settings](https://github.com/settings/copilot/features).
      not_entitled/license_choice
        The Copilot account that the bot uses has several Copilot licenses, and none is selected.
        The owner of that account can select one in [its Copilot settings](https://github.com/settings/copilot/features).
      quota_exceeded
        The Copilot account that the bot uses has used up its AI credits or premium requests.
        The included allowance renews on the first day of each month (UTC). Before that, the owner of that account can see its usage in [its Copilot settings](https://github.com/settings/copilot/features), and raise [its budgets](https://github.com/settings/billing/budgets).
      quota_exceeded/budget
        The Copilot account that the bot uses has reached its spending limit.
        The included allowance renews on the first day of each month (UTC). Before that, the owner of that account can see its usage in [its Copilot settings](https://github.com/settings/copilot/features), and raise [its budgets](https://github.com/settings/billing/budgets).
      quota_exceeded/session_limit
        The session reached its own spending limit.
        Raise \`session_limits\` in the policy file, or divide the work into smaller tasks.
      prompt_not_delivered
        The session started but didn't confirm that it received your request.
        Open the session. If your request isn't there, send it there.
      prompt_not_delivered/disconnected
        The owner of the Copilot account that the bot uses disconnected their Copilot before the session confirmed the request.
        Open the session. If your request isn't there, send it there. The bot's administrator: create a new token of the Copilot account in [its token settings](https://github.com/settings/personal-access-tokens), set \`COPILOT_GITHUB_TOKEN\` to it, and restart the bot.
      bad_credentials
        Copilot didn't accept the token that the bot uses.
        The token expired, was revoked, or lacks a permission. The bot's administrator: create a new token of the Copilot account in [its token settings](https://github.com/settings/personal-access-tokens), set \`COPILOT_GITHUB_TOKEN\` to it, and restart the bot.
      bad_credentials/permission
        The token that the bot uses lacks a permission.
        The bot's administrator: create a new token of the Copilot account (fine-grained, account permission **Copilot Requests**) in [its token settings](https://github.com/settings/personal-access-tokens), set \`COPILOT_GITHUB_TOKEN\` to it, and restart the bot.
      bad_credentials/token_policy
        octocat doesn't let in the token that the bot uses.
        octocat can check [octocat's token settings](https://github.com/settings/personal-access-tokens).
      sso_required
        octocat requires single sign-on, and the token that the bot uses isn't authorized for it.
        The owner of the Copilot account that the bot uses can sign in on octocat's sign-on page and then authorize the token for octocat in [its token settings](https://github.com/settings/personal-access-tokens). Otherwise, the bot's administrator: create a new token of the Copilot account in [its token settings](https://github.com/settings/personal-access-tokens), set \`COPILOT_GITHUB_TOKEN\` to it, and restart the bot.
      ip_not_allowed
        octocat has an IP allow list, and an address that this session needs isn't on it.
        An enterprise owner can add the address of the bot's machine, and allow GitHub Apps and Copilot, under **IP allow list** in [the enterprise's settings](https://github.com/settings/enterprises).
      content_excluded
        Content exclusion keeps Copilot from this repository or these files.
        An administrator of the repository can change it in [hello's content exclusions](https://github.com/octocat/hello/settings/copilot/content_exclusion).
      model_not_available
        No model that this session can use is available to the Copilot account that the bot uses.
        The owner of that account can enable models in [its Copilot settings](https://github.com/settings/copilot/features).
      rate_limited
        Too many sessions were started in a short time.
        No action is needed: wait a few minutes.
      start_timed_out
        The session was requested, but its agent didn't start in time.
        It may still start. [GitHub's status page](https://www.githubstatus.com) shows outages.
      share_refused
        Mission Control refused to show this session on GitHub.
        The owner of the Copilot account that the bot uses can allow it in [its Copilot settings](https://github.com/settings/copilot/features). If another organization provides the Copilot account's license, an owner of that organization can set **Store local sessions in the Cloud** to **View and control** in its Copilot policies.
      share_refused/share_policy
        A Copilot policy doesn't allow this session to be seen and controlled on GitHub.
        The owner of the Copilot account that the bot uses can allow it in [its Copilot settings](https://github.com/settings/copilot/features). If another organization provides the Copilot account's license, an owner of that organization can set **Store local sessions in the Cloud** to **View and control** in its Copilot policies.
      share_refused/share_account
        GitHub didn't accept the token that the bot uses, so this session can't be seen there.
        The token expired, was revoked, or lacks a permission. The bot's administrator: create a new token of the Copilot account in [its token settings](https://github.com/settings/personal-access-tokens), set \`COPILOT_GITHUB_TOKEN\` to it, and restart the bot.
      share_refused/share_repository
        The Copilot account that the bot uses can't see octocat/hello, so this session can't be seen on GitHub.
        An administrator of the repository can give that account access in [hello's access settings](https://github.com/octocat/hello/settings/access).
      runtime_unsupported
        The Copilot runtime on the bot's machine can't create cloud sessions.
        The bot's administrator: install the versions that work together, \`@github/copilot-sdk\` 1.0.11 with \`@github/copilot\` 1.0.80.
      runtime_crashed
        The Copilot runtime on the bot's machine stopped during this task.
        If this happens again, the bot's log has the details.
      checkout_failed
        The session didn't start, because the repository couldn't be checked out.
        The bot tried to start it 4 times. The bot's log has the details.
      repository_not_found
        The Copilot account that the bot uses can't see this repository.
        An administrator of the repository can give that account write access in [hello's access settings](https://github.com/octocat/hello/settings/access). With a fine-grained token, the account's owner also selects the repository in [its token settings](https://github.com/settings/personal-access-tokens).
      repository_not_found/write
        The Copilot account that the bot uses may not write to this repository.
        An administrator of the repository can give that account write access in [hello's access settings](https://github.com/octocat/hello/settings/access).
      app_not_permitted
        GitHub doesn't let the bot's App do this: the App is no longer installed on this repository, or lacks a permission.
        octocat can add hello to the App's repositories, or accept its permissions, in [octocat's installed GitHub Apps](https://github.com/settings/installations).
      app_not_permitted/app_contents
        The bot's GitHub App lacks the permission **Contents: Read and write**, which it needs to fetch and push commits.
        The App's owner can set it under **Permissions & events** in the App's settings; \`script/doctor\` shows the address. Then octocat can accept it in [octocat's installed GitHub Apps](https://github.com/settings/installations).
      app_not_permitted/account_contents
        octocat hasn't accepted the permission **Contents: Read and write** of the bot's GitHub App, which needs it to fetch and push commits.
        octocat can accept it in [octocat's installed GitHub Apps](https://github.com/settings/installations).
      app_not_permitted/app_pull_requests
        The bot's GitHub App lacks the permission **Pull requests: Read and write**, which it needs to open pull requests.
        The App's owner can set it under **Permissions & events** in the App's settings; \`script/doctor\` shows the address. Then octocat can accept it in [octocat's installed GitHub Apps](https://github.com/settings/installations).
      app_not_permitted/account_pull_requests
        octocat hasn't accepted the permission **Pull requests: Read and write** of the bot's GitHub App, which needs it to open pull requests.
        octocat can accept it in [octocat's installed GitHub Apps](https://github.com/settings/installations).
      mission_control_unreachable
        Mission Control didn't respond as expected.
        [GitHub's status page](https://www.githubstatus.com) shows outages. The bot's administrator can check its network and \`COPILOT_MC_BASE_URL\`.
      github_unreachable
        GitHub didn't answer the bot's questions about this repository.
        [GitHub's status page](https://www.githubstatus.com) shows outages.
      github_refused
        GitHub refused the bot's requests about this thread for too long.
        The bot's log has GitHub's message. \`script/doctor\` shows whether other threads are affected.
      interrupted
        The bot was interrupted during this task and doesn't know how far it got.
        The bot never creates a second session by itself.
      unknown
        An unexpected error kept Copilot from creating the session.
        The bot's log has the details."
    `);
  });

  test("says when the quota renews, where that is known", () => {
    const { remedy } = explain("quota_exceeded", null, PERSON, {
      passesAt: "2026-12-01T00:00:00.000Z",
    });
    expect(remedy).toMatch(/^The included allowance renews on 2026-12-01\. /u);
  });
});

test.each(["bad_credentials", "sso_required"] as const)(
  "%s: the remedy names every variable that can have the token",
  (code) => {
    const { remedy } = explain(code, null, ORGANIZATION);
    const tokens = Object.values(copilotTokens(readEnvironment(REQUIRED)));
    for (const { variable } of tokens) expect(remedy).toContain(`\`${variable}\``);
  },
);
