import { afterEach, describe, expect, test } from "vitest";
import { judgeClock } from "../../src/doctor/app.ts";
import { readManifest } from "../../src/doctor/manifest.ts";
import { about, MANIFEST, usePractice } from "./practice.ts";

const OWN = new URL("../../app.yml", import.meta.url);

const practice = usePractice();

afterEach(() => {
  const { permissions, events } = MANIFEST;
  practice.github.app.permissions = { ...permissions };
  practice.github.app.events = [...events];
  practice.github.clockOffsetMs = 0;
});

const missing = () => readManifest(new URL("file:///nowhere/app.yml"));

describe("permissions", () => {
  test("missing, too low and not needed", async () => {
    practice.github.app.permissions = {
      metadata: "read",
      issues: "read",
      actions: "write",
    };
    const findings = await practice.examine(null);

    expect(about("App permissions", findings, practice)).toMatchInlineSnapshot(`
      "failed App permissions: \`contents: read\` is missing. \`issues: write\` is only \`read\`. \`members: read\` is missing. Not needed: \`actions: write\`.
        The App's owner can set them under “Permissions & events” in its settings (https://GITHUB/settings/apps/copilot-task-bot/permissions). Then an owner of each account that installed the App must accept them. Remove what's not needed there."
    `);
  });

  test("more than is needed is a warning", async () => {
    practice.github.app.permissions["contents"] = "write";
    const findings = await practice.examine(null);

    expect(about("App permissions", findings, practice)).toMatchInlineSnapshot(`
      "warning App permissions: Not needed: \`contents: write\`.
        The App's owner can remove them under “Permissions & events” in its settings (https://GITHUB/settings/apps/copilot-task-bot/permissions)."
    `);
  });

  test("that only sessions on one's own machines need", async () => {
    const variables = { SELF_HOSTED: "on", SELF_HOSTED_REPOSITORIES: "octo-org/*" };
    const findings = await practice.examine(null, { variables });

    expect(about("App permissions", findings, practice)).toMatchInlineSnapshot(`
      "failed App permissions: \`contents: write\` is only \`read\` (needed to push what agents commit on your own machines). \`pull_requests: write\` is missing (needed to open pull requests for that).
        The App's owner can set them under “Permissions & events” in its settings (https://GITHUB/settings/apps/copilot-task-bot/permissions). Then an owner of each account that installed the App must accept them."
    `);
    Object.assign(practice.github.app.permissions, { contents: "write", pull_requests: "write" });
    const then = await practice.examine(null, { variables });
    expect(about("App permissions", then, practice)).toMatch(/^ok /u);
    // The organization accepts it in its turn.
    expect(about("installation on `octo-org`", then, practice)).toMatchInlineSnapshot(`
      "warning installation on \`octo-org\`: \`octo-org\` hasn't accepted new permissions: \`contents: write\`.
        An owner of \`octo-org\` can accept them at https://GITHUB/organizations/octo-org/settings/installations/515151."
    `);
  });

  test("without the one that is needed only for policies that name teams", async () => {
    delete practice.github.app.permissions["members"];
    const findings = await practice.examine(null);

    expect(about("App permissions", findings, practice)).toMatchInlineSnapshot(`
      "warning App permissions: \`members: read\` is missing.
        The App's owner can set them under “Permissions & events” in its settings (https://GITHUB/settings/apps/copilot-task-bot/permissions). Then an owner of each account that installed the App must accept them."
    `);
  });

  test("an App that was registered from app.yml has what app.yml asks for", async () => {
    const { permissions, events } = readManifest(OWN);
    practice.github.app.permissions = { ...permissions };
    practice.github.app.events = [...events];
    const findings = await practice.examine(null, { manifest: () => readManifest(OWN) });

    expect(about("App permissions", findings, practice)).toMatch(/^ok /u);
    expect(about("App events", findings, practice)).toMatch(/^ok /u);
  });

  test("without app.yml there is nothing to compare with", async () => {
    const findings = await practice.examine(null, { manifest: missing });

    expect(about("App permissions", findings, practice)).toMatchInlineSnapshot(`
      "failed App permissions: This check failed: \`ENOENT: no such file or directory, open '/nowhere/app.yml'\`.
        Fix what this says. If it doesn't help, report it as a bug."
    `);
  });
});

describe("events", () => {
  test("missing and not needed", async () => {
    practice.github.app.events = ["issues", "push"];
    const findings = await practice.examine(null);

    expect(about("App events", findings, practice)).toMatchInlineSnapshot(`
      "failed App events: Missing: \`issue_comment\`. Not needed: \`push\`.
        The App's owner can select them under “Permissions & events” in its settings (https://GITHUB/settings/apps/copilot-task-bot/permissions). Remove what's not needed there."
    `);
  });

  test("not needed alone is a warning", async () => {
    practice.github.app.events.push("push");
    const findings = await practice.examine(null);

    expect(about("App events", findings, practice)).toMatchInlineSnapshot(`
      "warning App events: Not needed: \`push\`.
        The App's owner can remove them under “Permissions & events” in its settings (https://GITHUB/settings/apps/copilot-task-bot/permissions)."
    `);
  });
});

describe("the App itself", () => {
  test("an App id that is another App's", async () => {
    const findings = await practice.examine(null, { variables: { APP_ID: "1" } });

    expect(about("App", findings, practice)).toMatchInlineSnapshot(`
      "failed App: GitHub doesn't accept APP_ID with this private key: 404, \`Integration not found - https://docs.github.com/rest\`. Nothing else about the App could be checked.
        Set APP_ID to the “App ID” on the App's settings page, and PRIVATE_KEY or PRIVATE_KEY_PATH to a private key generated there."
    `);
    expect(findings.map(({ what }) => what)).not.toContain("webhook settings");
  });

  test("GitHub is down", async () => {
    practice.github.failNext({ method: "GET", path: "/app" }, { status: 502 }, 2);
    const findings = await practice.examine(null);

    expect(about("App", findings, practice)).toMatchInlineSnapshot(`
      "failed App: GitHub responded with 502: \`Server Error\`.
        https://www.githubstatus.com shows outages."
    `);
  });

  test("no connection", async () => {
    practice.github.failNext({ method: "GET", path: "/app" }, "drop", 2);
    const findings = await practice.examine(null);

    expect(about("App", findings, practice)).toMatchInlineSnapshot(`
      "failed App: GitHub didn't respond (\`UND_ERR_SOCKET\`).
        Check the network from the bot to this host: firewall, DNS, proxy."
    `);
    expect(about("clock", findings, practice)).toMatch(/^failed clock: GitHub didn't respond/u);
  });
});

describe("the clock", () => {
  test.each([-90_000, 90_000])("GitHub's is %i ms ahead of ours", async (offset) => {
    practice.github.clockOffsetMs = offset;
    const findings = await practice.examine(null);

    const way = offset > 0 ? "behind" : "ahead of";
    expect(about("clock", findings, practice)).toMatch(
      new RegExp(`^failed clock: (?:89|9[01]) s ${way} GitHub\\.`, "u"),
    );
  });

  test("a refusal shows the time too", async () => {
    practice.github.clockOffsetMs = 90_000;
    const findings = await practice.examine(null, { variables: { APP_ID: "1" } });

    expect(about("clock", findings, practice)).toMatch(/^failed clock: (?:89|9[01]) s/u);
  });

  test.each([
    [-1_400, "ok", "In sync with GitHub."],
    [29_600, "ok", "30 s ahead of GitHub."],
    [-31_000, "warning", "31 s behind GitHub. GitHub rejects Apps whose clock is wrong."],
    [60_000, "warning", "60 s ahead of GitHub. GitHub rejects Apps whose clock is wrong."],
    [61_000, "failed", "61 s ahead of GitHub. GitHub rejects Apps whose clock is wrong."],
  ])("%i ms", (aheadMs, level, found) => {
    expect(judgeClock(aheadMs)).toMatchObject({ level, found });
  });
});
