import { describe, expect, it } from "vitest";
import type { Behavior } from "../../sandbox/mission-control/behavior.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { asked, botComments, COPILOT_ACCOUNT, steady, useWorld } from "./world.ts";

const world = useWorld();

/** Labels a new issue under a behavior of Mission Control; the bot's comments and the creations. */
async function labeled(behavior: Behavior, times = 1) {
  for (let time = 0; time < times; time += 1) world.missionControl.behaveOnce(behavior);
  const before = asked(world).length;
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
  await octocat.label(issue, "copilot:triage");
  const comments = await botComments(world, issue);
  const requests = asked(world).slice(before);
  return { comments: comments.map((comment) => steady(comment, world)), requests };
}

const refusal = (status: number, body: NonNullable<Behavior["create"]>["body"]): Behavior => ({
  create: { status, body },
});

describe("a policy", () => {
  it("is named, with who can change it and where, and never retried", async () => {
    const { comments, requests } = await labeled(
      refusal(403, { message: "blocked by org policy", reason: "policy_blocked" }),
    );
    expect(comments).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### ❌ Copilot couldn't start: triage

      > [!WARNING]
      > **A Copilot policy doesn't allow this session** (\`policy_blocked\`).
      >
      > An organization owner can allow Copilot cloud agent in [octo-org's Copilot policies](https://GITHUB/organizations/octo-org/settings/copilot/policies). If an enterprise policy applies, an enterprise owner can change it under **AI controls** in [the enterprise's settings](https://GITHUB/settings/enterprises).

      No session was created, so nothing was charged. Once that's fixed, comment \`/copilot retry UUID8\`, or remove and re-add the label.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Task \`UUID8\`

      </details>
      ",
      ]
    `);
    expect(requests).toEqual(["POST /agents/tasks"]);
  });

  it.each([
    ["in the text alone", refusal(403, { message: "blocked by org policy" })],
    ["as a code in JSON", refusal(403, { error: { code: "policy_blocked", message: "no" } })],
  ])("is recognized %s", async (_name, behavior) => {
    const { comments, requests } = await labeled(behavior);
    expect(comments).toEqual([expect.stringContaining("(`policy_blocked`)")]);
    expect(requests).toEqual(["POST /agents/tasks"]);
  });
});

/** What comes of an answer: one comment, and one request. */
async function refusedWith(status: number, body: NonNullable<Behavior["create"]>["body"]) {
  const { comments, requests } = await labeled(refusal(status, body));
  expect(requests).toEqual(["POST /agents/tasks"]);
  expect(comments).toHaveLength(1);
  const [, heading = "", , , sentence = "", , remedy = ""] = comments[0]?.split("\n") ?? [];
  expect(heading).toBe("### ❌ Copilot couldn't start: triage");
  expect(comments[0]).toMatch(
    /\n\nNo session was created, so nothing was charged\. (?:Once that's fixed|To try again), comment `\/copilot retry UUID8`, or remove and re-add the label\.\n\n<details>/u,
  );
  return [sentence, remedy];
}

/** What the runtime learns about the dates of the account's allowance. */
function renewing(dates: Readonly<Record<string, string>>): void {
  const endpoints = { api: world.missionControl.url.replace(/\/agents$/u, "") };
  const body = { login: "octocat", endpoints, ...dates };
  world.missionControl.answerToken(world.github.as(COPILOT_ACCOUNT).token, { status: 200, body });
}

describe("each refusal has its right name, and the page where it can be changed", () => {
  it("policies", async () => {
    const message =
      "You are not authorized to use this Copilot feature, it requires an enterprise or organization policy to be enabled.";
    expect(await refusedWith(403, { message })).toMatchInlineSnapshot(`
      [
        "> **A Copilot policy doesn't allow this session** (\`policy_blocked\`).",
        "> An organization owner can allow Copilot cloud agent in [octo-org's Copilot policies](https://GITHUB/organizations/octo-org/settings/copilot/policies). If an enterprise policy applies, an enterprise owner can change it under **AI controls** in [the enterprise's settings](https://GITHUB/settings/enterprises).",
      ]
    `);
  });

  it("models", async () => {
    const message = "No model available. Check policy enablement under GitHub Settings > Copilot";
    expect(await refusedWith(400, { message })).toMatchInlineSnapshot(`
      [
        "> **A Copilot policy leaves no model that this session can use** (\`policy_blocked\`).",
        "> An organization owner can enable models in [octo-org's Copilot models](https://GITHUB/organizations/octo-org/settings/copilot/models), and features in [octo-org's Copilot policies](https://GITHUB/organizations/octo-org/settings/copilot/policies).",
      ]
    `);
  });

  it("a repository without cloud agent", async () => {
    const message = "user or repo does not have CCA enabled";
    expect(await refusedWith(409, { message })).toMatchInlineSnapshot(`
      [
        "> **Copilot cloud agent isn't enabled for this repository** (\`policy_blocked\`).",
        "> An organization owner can add hello under **Repository access** in [octo-org's cloud agent settings](https://GITHUB/organizations/octo-org/settings/copilot/coding_agent), and enable **Copilot cloud agent** in [octo-org's Copilot policies](https://GITHUB/organizations/octo-org/settings/copilot/policies).",
      ]
    `);
  });

  it("licenses", async () => {
    const text = "unauthorized: not authorized to use this Copilot feature\n";
    expect(await refusedWith(403, text)).toMatchInlineSnapshot(`
      [
        "> **The Copilot account that the bot uses isn't entitled to Copilot cloud sessions** (\`not_entitled\`).",
        "> An organization owner can give that account a license in [octo-org's Copilot access settings](https://GITHUB/organizations/octo-org/settings/copilot/seat_management).",
      ]
    `);
  });

  it("quotas, with the date when they renew", async () => {
    renewing({
      quota_reset_date: "2026-12-01",
      quota_reset_date_utc: "2026-12-01T00:00:00.000Z",
    });
    const body = { error: { message: "You have no quota", code: "quota_exceeded" } };
    expect(await refusedWith(402, body)).toMatchInlineSnapshot(`
      [
        "> **The Copilot account that the bot uses has used up its AI credits or premium requests** (\`quota_exceeded\`).",
        "> The included allowance renews on 2026-12-01. Before that, the owner of that account can see its usage in [its Copilot settings](https://GITHUB/settings/copilot/features); an organization owner can raise [octo-org's budgets](https://GITHUB/organizations/octo-org/settings/billing/budgets).",
      ]
    `);
  });

  it("quotas, in words, and without the date", async () => {
    renewing({});
    const message = "You have exceeded your premium request allowance.";
    expect(await refusedWith(402, { message })).toMatchInlineSnapshot(`
      [
        "> **The Copilot account that the bot uses has used up its AI credits or premium requests** (\`quota_exceeded\`).",
        "> The included allowance renews on the first day of each month (UTC). Before that, the owner of that account can see its usage in [its Copilot settings](https://GITHUB/settings/copilot/features); an organization owner can raise [octo-org's budgets](https://GITHUB/organizations/octo-org/settings/billing/budgets).",
      ]
    `);
  });

  it("single sign-on", async () => {
    const message =
      "Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.";
    expect(await refusedWith(403, { message })).toMatchInlineSnapshot(`
      [
        "> **octo-org requires single sign-on, and the token that the bot uses isn't authorized for it** (\`sso_required\`).",
        "> The owner of the Copilot account that the bot uses can sign in on [octo-org's sign-on page](https://GITHUB/orgs/octo-org/sso) and then authorize the token for octo-org in [its token settings](https://GITHUB/settings/personal-access-tokens). Otherwise, the bot's administrator: create a new token of the Copilot account in [its token settings](https://GITHUB/settings/personal-access-tokens), set \`COPILOT_GITHUB_TOKEN\` to it, and restart the bot.",
      ]
    `);
  });

  it("IP allow lists", async () => {
    const message =
      "Although you appear to have the correct authorization credentials, the `octo-org` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.";
    expect(await refusedWith(403, { message })).toMatchInlineSnapshot(`
      [
        "> **octo-org has an IP allow list, and an address that this session needs isn't on it** (\`ip_not_allowed\`).",
        "> An organization owner can add the address of the bot's machine, and allow GitHub Apps and Copilot, under **IP allow list** in [octo-org's authentication security settings](https://GITHUB/organizations/octo-org/settings/security). If the list is the enterprise's, an enterprise owner can change it in [the enterprise's settings](https://GITHUB/settings/enterprises).",
      ]
    `);
  });

  it("a token without the permission", async () => {
    const message = "unauthorized: Personal Access Token does not have Copilot Requests permission";
    expect(await refusedWith(401, { message })).toMatchInlineSnapshot(`
      [
        "> **The token that the bot uses lacks a permission** (\`bad_credentials\`).",
        "> The bot's administrator: create a new token of the Copilot account (fine-grained, account permission **Copilot Requests**) in [its token settings](https://GITHUB/settings/personal-access-tokens), set \`COPILOT_GITHUB_TOKEN\` to it, and restart the bot.",
      ]
    `);
  });

  it("content exclusion", async () => {
    const message = "Repository is excluded by Copilot content exclusion";
    expect(await refusedWith(403, { message })).toMatchInlineSnapshot(`
      [
        "> **Content exclusion keeps Copilot from this repository or these files** (\`content_excluded\`).",
        "> An administrator of the repository can change it in [hello's content exclusions](https://GITHUB/octo-org/hello/settings/copilot/content_exclusion); the organization and the enterprise have such settings, too.",
      ]
    `);
  });

  it("what GitHub doesn't accept", async () => {
    expect(await refusedWith(422, undefined)).toMatchInlineSnapshot(`
      [
        "> **An unexpected error kept Copilot from creating the session** (\`unknown\`).",
        "> The bot's log has the details.",
      ]
    `);
  });
});

describe("a refusal is named and not repeated", () => {
  it.each([
    ["bad_credentials", refusal(401, { message: "Bad credentials" })],
    ["not_entitled", refusal(403, { message: "User is not entitled to Copilot" })],
    ["repository_not_found", refusal(404, { message: "Not Found" })],
    ["mission_control_unreachable", refusal(503, "<html><body>Unavailable</body></html>")],
    ["mission_control_unreachable", { create: { fault: "drop connection" } }],
    ["mission_control_unreachable", refusal(200, "this is not JSON")],
  ] as const)("%s", async (code, behavior) => {
    const { comments, requests } = await labeled(behavior);
    expect(comments).toEqual([expect.stringContaining(`(\`${code}\`)`)]);
    expect(requests).toEqual(["POST /agents/tasks"]);
  });

  it("unknown, with the answer cut and made harmless", async () => {
    const message = `boom \`quoted\` @octocat <img src=x>\n\u001b[31m${"x".repeat(500)}`;
    const { comments, requests } = await labeled(refusal(500, { message }));
    expect(comments).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### ❌ Copilot couldn't start: triage

      > [!CAUTION]
      > **A session may exist** (\`unknown\`). Check the [list of sessions](https://GITHUB/copilot/agents) before you retry, so you don't pay twice.
      >
      > An unexpected error kept Copilot from creating the session. The bot's log has the details.
      >
      > GitHub's answer: \`\` boom \`quoted\` @octocat <img src=x> xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… \`\`

      To try again, comment \`/copilot retry UUID8\`, or remove and re-add the label.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Task \`UUID8\`

      </details>
      ",
      ]
    `);
    expect(requests).toEqual(["POST /agents/tasks"]);
  });

  it("unknown, with the credentials taken out of comment and log", async () => {
    const token = `ghp_${"a1".repeat(18)}`;
    const { comments } = await labeled(refusal(500, { message: `boom for ${token}` }));
    expect(comments).toEqual([expect.stringContaining("GitHub's answer: `boom for [redacted]`")]);
    const lines = world.log.filter((line) => line.includes('"task failed"'));
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({
      code: "unknown",
      message: "boom for [redacted]",
    });
    expect(world.log.join("")).not.toContain(token);
  });

  it("a refusal that GitHub knows nothing of stays unknown", async () => {
    const { comments } = await labeled({ create: { status: 403 } });
    expect(comments).toEqual([expect.stringContaining("(`unknown`)")]);
  });

  it("a refusal without a message is explained by what GitHub says about the token", async () => {
    world.missionControl.behaveOnce({ create: { status: 403 } });
    const unauthorised = { status: 401, body: { message: "Bad credentials" } };
    world.github.failNext({ method: "GET", path: "/user" }, unauthorised);
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
    await octocat.label(issue, "copilot:triage");
    const [comment = ""] = await botComments(world, issue);
    expect(comment).toContain("(`bad_credentials`)");
  });
});

describe("a passing refusal", () => {
  it("is retried, and the comment shows only how it ended", async () => {
    const limited = refusal(429, { message: "rate limited" });
    const { comments, requests } = await labeled(limited, 2);
    expect(comments).toEqual([expect.stringContaining("[Open session]")]);
    expect(requests).toEqual([
      "POST /agents/tasks",
      "POST /agents/tasks",
      "POST /agents/tasks",
      "POST /agents/tasks/UUID/steer",
    ]);
  });

  it("is given up after three retries", async () => {
    const { comments, requests } = await labeled(refusal(429, { message: "rate limited" }), 4);
    expect(comments).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### ❌ Copilot couldn't start: triage

      > [!WARNING]
      > **Too many sessions were started in a short time** (\`rate_limited\`).
      >
      > No action is needed: wait a few minutes.

      No session was created, so nothing was charged. To try again, comment \`/copilot retry UUID8\`, or remove and re-add the label.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Task \`UUID8\`

      </details>
      ",
      ]
    `);
    expect(requests).toHaveLength(4);
  });
});

describe("an answer that is lost after the session was created", () => {
  it("is not repeated: a session may exist", async () => {
    const { comments, requests } = await labeled({ create: { fault: "lose answer" } });
    expect(comments).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### ❌ Copilot couldn't start: triage

      > [!CAUTION]
      > **A session may exist** (\`mission_control_unreachable\`). Check the [list of sessions](https://GITHUB/copilot/agents) before you retry, so you don't pay twice.
      >
      > Mission Control didn't respond as expected. [GitHub's status page](https://www.githubstatus.com) shows outages. The bot's administrator can check its network and \`COPILOT_MC_BASE_URL\`.

      To try again, comment \`/copilot retry UUID8\`, or remove and re-add the label.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Task \`UUID8\`

      </details>
      ",
      ]
    `);
    expect(requests).toEqual(["POST /agents/tasks"]);
  });
});
