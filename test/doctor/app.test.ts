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

    expect(about("permissions of the App", findings, practice)).toMatchInlineSnapshot(`
      "failed permissions of the App: \`contents: read\` is missing. \`issues: write\` is only \`read\`. \`members: read\` is missing. Not needed: \`actions: write\`.
        An owner of the App sets them under “Permissions & events” in its settings (https://GITHUB/settings/apps/copilot-task-bot/permissions); an owner of each account that has installed it then accepts them. What is not needed can be taken away there."
    `);
  });

  test("more than is needed is a warning", async () => {
    practice.github.app.permissions["contents"] = "write";
    const findings = await practice.examine(null);

    expect(about("permissions of the App", findings, practice)).toMatchInlineSnapshot(`
      "warning permissions of the App: Not needed: \`contents: write\`.
        An owner of the App can take away what is not needed, under “Permissions & events” in its settings (https://GITHUB/settings/apps/copilot-task-bot/permissions)."
    `);
  });

  test("without the one that is needed only for policies that name teams", async () => {
    delete practice.github.app.permissions["members"];
    const findings = await practice.examine(null);

    expect(about("permissions of the App", findings, practice)).toMatchInlineSnapshot(`
      "warning permissions of the App: \`members: read\` is missing.
        An owner of the App sets them under “Permissions & events” in its settings (https://GITHUB/settings/apps/copilot-task-bot/permissions); an owner of each account that has installed it then accepts them."
    `);
  });

  test("an App that was registered from app.yml has what app.yml asks for", async () => {
    const { permissions, events } = readManifest(OWN);
    practice.github.app.permissions = { ...permissions };
    practice.github.app.events = [...events];
    const findings = await practice.examine(null, { manifest: () => readManifest(OWN) });

    expect(about("permissions of the App", findings, practice)).toMatch(/^ok /u);
    expect(about("events of the App", findings, practice)).toMatch(/^ok /u);
  });

  test("without app.yml there is nothing to compare with", async () => {
    const findings = await practice.examine(null, { manifest: missing });

    expect(about("permissions of the App", findings, practice)).toMatchInlineSnapshot(`
      "failed permissions of the App: This could not be looked at: \`ENOENT: no such file or directory, open '/nowhere/app.yml'\`.
        The administrator of the bot mends what this says; where it says nothing, it is a defect of the bot."
    `);
  });
});

describe("events", () => {
  test("missing and not needed", async () => {
    practice.github.app.events = ["issues", "push"];
    const findings = await practice.examine(null);

    expect(about("events of the App", findings, practice)).toMatchInlineSnapshot(`
      "failed events of the App: Missing: \`issue_comment\`. Not needed: \`push\`.
        An owner of the App ticks them under “Permissions & events” in its settings (https://GITHUB/settings/apps/copilot-task-bot/permissions). What is not needed can be taken away there."
    `);
  });

  test("not needed alone is a warning", async () => {
    practice.github.app.events.push("push");
    const findings = await practice.examine(null);

    expect(about("events of the App", findings, practice)).toMatchInlineSnapshot(`
      "warning events of the App: Not needed: \`push\`.
        An owner of the App can take away what is not needed, under “Permissions & events” in its settings (https://GITHUB/settings/apps/copilot-task-bot/permissions)."
    `);
  });
});

describe("the App itself", () => {
  test("an App id that is another App's", async () => {
    const findings = await practice.examine(null, { variables: { APP_ID: "1" } });

    expect(about("App", findings, practice)).toMatchInlineSnapshot(`
      "failed App: GitHub does not know the App by APP_ID and private key: 404, \`Integration not found - https://docs.github.com/rest\`. Nothing else about the App could be looked at.
        The administrator of the bot sets APP_ID to the “App ID” in the settings of the App, and PRIVATE_KEY or PRIVATE_KEY_PATH to a private key that was made there."
    `);
    expect(findings.map(({ what }) => what)).not.toContain("webhook settings");
  });

  test("GitHub is away", async () => {
    practice.github.failNext({ method: "GET", path: "/app" }, { status: 502 }, 2);
    const findings = await practice.examine(null);

    expect(about("App", findings, practice)).toMatchInlineSnapshot(`
      "failed App: GitHub answered 502: \`Server Error\`.
        https://www.githubstatus.com tells of outages."
    `);
  });

  test("no connection", async () => {
    practice.github.failNext({ method: "GET", path: "/app" }, "drop", 2);
    const findings = await practice.examine(null);

    expect(about("App", findings, practice)).toMatchInlineSnapshot(`
      "failed App: GitHub did not answer (\`UND_ERR_SOCKET\`).
        The administrator of the bot looks at the network between the bot and this host: firewall, name server, proxy."
    `);
    expect(about("clock", findings, practice)).toMatch(/^failed clock: GitHub did not answer/u);
  });
});

describe("the clock", () => {
  test.each([-90_000, 90_000])("GitHub's is %i ms ahead of ours", async (offset) => {
    practice.github.clockOffsetMs = offset;
    const findings = await practice.examine(null);

    const way = offset > 0 ? "behind" : "ahead of";
    expect(about("clock", findings, practice)).toMatch(
      new RegExp(`^failed clock: It is (?:89|9[01]) s ${way} GitHub's\\.`, "u"),
    );
  });

  test("a refusal tells the time too", async () => {
    practice.github.clockOffsetMs = 90_000;
    const findings = await practice.examine(null, { variables: { APP_ID: "1" } });

    expect(about("clock", findings, practice)).toMatch(/^failed clock: It is (?:89|9[01]) s/u);
  });

  test.each([
    [-1_400, "ok", "It agrees with GitHub's."],
    [29_600, "ok", "It is 30 s ahead of GitHub's."],
    [-31_000, "warning", "It is 31 s behind GitHub's. GitHub refuses Apps whose clock is wrong."],
    [60_000, "warning", "It is 60 s ahead of GitHub's. GitHub refuses Apps whose clock is wrong."],
    [61_000, "failed", "It is 61 s ahead of GitHub's. GitHub refuses Apps whose clock is wrong."],
  ])("%i ms", (aheadMs, level, found) => {
    expect(judgeClock(aheadMs)).toMatchObject({ level, found });
  });
});
