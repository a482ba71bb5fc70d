import { afterEach, describe, expect, test } from "vitest";
import type { AppFacts, InstallationFacts } from "../../src/github/checkup.ts";
import { judgeInstallations } from "../../src/doctor/installation.ts";
import { about, HELLO, MANIFEST, told, usePractice } from "./practice.ts";

const practice = usePractice({ repositories: [{ name: ".github", private: true }] });

afterEach(() => {
  practice.github.app.permissions = { ...MANIFEST.permissions };
});

const INSTALLATION = "installation";
const DEFAULTS = "defaults of the organisation";

const installed = (account: string, changes: Partial<InstallationFacts> = {}) => ({
  id: 1,
  account,
  url: `https://github.com/organizations/${account}/settings/installations/1`,
  isOrganisation: true,
  repositories: "all" as const,
  suspended: false,
  permissions: { issues: "write" },
  ...changes,
});

describe("of a repository", () => {
  test("the App is not installed there", async () => {
    const elsewhere = { owner: "stranger", repository: "hello" };
    const findings = await practice.examine(elsewhere);

    expect(about(INSTALLATION, findings, practice)).toMatchInlineSnapshot(`
      "failed installation: The App is not installed on \`stranger/hello\`.
        An owner of \`stranger\` installs it, or adds this repository to its installation at https://GITHUB/apps/copilot-task-bot/installations/new."
    `);
    expect(about(DEFAULTS, findings, practice)).toBe("");
  });

  test("new permissions wait for an owner", async () => {
    practice.github.app.permissions["actions"] = "read";
    practice.github.app.permissions["contents"] = "write";
    const findings = await practice.examine(HELLO);

    expect(about(INSTALLATION, findings, practice)).toMatchInlineSnapshot(`
      "warning installation: \`octo-org\` has not accepted what the App asks for now: \`contents: write\`, \`actions: read\`.
        An owner of \`octo-org\` must accept the new permissions at https://GITHUB/organizations/octo-org/settings/installations/515151."
    `);
  });

  test("suspended", async () => {
    await practice.github.installation.suspend();
    const findings = await practice.examine(HELLO);
    const all = await practice.examine(null);
    await practice.github.installation.unsuspend();

    expect(about(INSTALLATION, findings, practice)).toMatchInlineSnapshot(`
      "failed installation: The installation on \`octo-org\` is suspended: the bot can do nothing there.
        An owner of \`octo-org\` unsuspends it at https://GITHUB/organizations/octo-org/settings/installations/515151."
    `);
    expect(
      told(
        all.filter(({ what }) => what.startsWith(INSTALLATION)),
        practice,
      ),
    ).toMatchInlineSnapshot(`
      "ok installations: 1: \`octo-org\`.
      failed installation on \`octo-org\`: The installation on \`octo-org\` is suspended: the bot can do nothing there.
        An owner of \`octo-org\` unsuspends it at https://GITHUB/organizations/octo-org/settings/installations/515151."
    `);
  });
});

describe("the organisation's defaults", () => {
  test("in a repository that the App sees", async () => {
    const findings = await practice.examine(HELLO);

    expect(about(DEFAULTS, findings, practice)).toMatchInlineSnapshot(
      `"ok defaults of the organisation: \`octo-org/.github\` is visible to the App: defaults in it are read."`,
    );
  });

  test("in one that the App was not given", async () => {
    await practice.github.installation.removeRepository(".github");
    const findings = await practice.examine(HELLO);
    await practice.github.installation.addRepository(".github");

    expect(about(DEFAULTS, findings, practice)).toMatchInlineSnapshot(`
      "warning defaults of the organisation: \`octo-org/.github\` is not visible to the App: the organisation's defaults, if there are any, are not read.
        If there are any, an owner of \`octo-org\` adds that repository to those the App is installed on at https://GITHUB/organizations/octo-org/settings/installations/515151."
    `);
    expect(about(INSTALLATION, findings, practice)).toMatchInlineSnapshot(
      `"ok installation: On \`octo-org\`, for selected repositories, also this."`,
    );
  });

  test("none, where the App sees everything", async () => {
    await practice.github.installation.delete();
    await practice.github.installation.create();
    practice.github.failNext({ method: "GET", path: "/repos/octo-org/.github" }, { status: 404 });
    const findings = await practice.examine(HELLO);

    expect(about(DEFAULTS, findings, practice)).toMatchInlineSnapshot(
      `"ok defaults of the organisation: There is no \`octo-org/.github\`, so there are none."`,
    );
  });
});

describe("all of them", () => {
  const app: AppFacts = {
    slug: "bot",
    url: "https://github.com/apps/bot",
    owner: null,
    permissions: { issues: "write" },
    events: [],
  };
  test("one with which something is wrong has a finding of its own", () => {
    const installations = [installed("a"), installed("b", { permissions: { issues: "read" } })];

    expect(told(judgeInstallations(installations, app), practice)).toMatchInlineSnapshot(`
      "ok installations: 2: \`a\`, \`b\`.
      warning installation on \`b\`: \`b\` has not accepted what the App asks for now: \`issues: write\`.
        An owner of \`b\` must accept the new permissions at https://github.com/organizations/b/settings/installations/1."
    `);
  });

  test("a person's account has no members to see", () => {
    const asking = { ...app, permissions: { issues: "write", members: "read" } };
    const [organisation, person] = [installed("a"), installed("b", { isOrganisation: false })];

    expect(told(judgeInstallations([organisation, person], asking), practice))
      .toMatchInlineSnapshot(`
        "ok installations: 2: \`a\`, \`b\`.
        warning installation on \`a\`: \`a\` has not accepted what the App asks for now: \`members: read\`.
          An owner of \`a\` must accept the new permissions at https://github.com/organizations/a/settings/installations/1."
      `);
  });

  test("more than can be named", () => {
    const installations = Array.from({ length: 23 }, (_, index) => installed(`o${index}`));

    expect(told(judgeInstallations(installations, app), practice)).toMatch(/`o19` and 3 more\.$/u);
  });

  test("nowhere", async () => {
    await practice.github.installation.delete();
    const findings = await practice.examine(null);
    await practice.github.installation.create();

    expect(about("installations", findings, practice)).toMatchInlineSnapshot(`
      "warning installations: The App is installed nowhere.
        Whoever administers repositories installs it on them at https://GITHUB/apps/copilot-task-bot/installations/new."
    `);
  });
});
