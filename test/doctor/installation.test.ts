import { afterEach, describe, expect, test } from "vitest";
import type { AppFacts, InstallationFacts } from "../../src/github/app-facts.ts";
import { judgeInstallations } from "../../src/doctor/installation.ts";
import { about, HELLO, MANIFEST, textOf, usePractice } from "./practice.ts";

const practice = usePractice({ repositories: [{ name: ".github", private: true }] });

afterEach(() => {
  practice.github.app.permissions = { ...MANIFEST.permissions };
});

const INSTALLATION = "installation";
const DEFAULTS = "organization defaults";

const installed = (account: string, changes: Partial<InstallationFacts> = {}) => ({
  id: 1,
  account,
  url: `https://github.com/organizations/${account}/settings/installations/1`,
  isOrganization: true,
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
      "failed installation: The App isn't installed on \`stranger/hello\`.
        An owner of \`stranger\` can install it, or add this repository to the installation at https://GITHUB/apps/copilot-task-bot/installations/new."
    `);
    expect(about(DEFAULTS, findings, practice)).toBe("");
  });

  test("new permissions wait for an owner", async () => {
    practice.github.app.permissions["actions"] = "read";
    practice.github.app.permissions["contents"] = "write";
    const findings = await practice.examine(HELLO);

    expect(about(INSTALLATION, findings, practice)).toMatchInlineSnapshot(`
      "warning installation: \`octo-org\` hasn't accepted new permissions: \`contents: write\`, \`actions: read\`.
        An owner of \`octo-org\` can accept them at https://GITHUB/organizations/octo-org/settings/installations/515151."
    `);
  });

  test("suspended", async () => {
    await practice.github.installation.suspend();
    const findings = await practice.examine(HELLO);
    const all = await practice.examine(null);
    await practice.github.installation.unsuspend();

    expect(about(INSTALLATION, findings, practice)).toMatchInlineSnapshot(`
      "failed installation: The installation on \`octo-org\` is suspended, so the bot can't do anything there.
        An owner of \`octo-org\` can unsuspend it at https://GITHUB/organizations/octo-org/settings/installations/515151."
    `);
    expect(
      textOf(
        all.filter(({ what }) => what.startsWith(INSTALLATION)),
        practice,
      ),
    ).toMatchInlineSnapshot(`
      "ok installations: 1: \`octo-org\`.
      failed installation on \`octo-org\`: The installation on \`octo-org\` is suspended, so the bot can't do anything there.
        An owner of \`octo-org\` can unsuspend it at https://GITHUB/organizations/octo-org/settings/installations/515151."
    `);
  });
});

describe("the organization's defaults", () => {
  test("in a repository that the App sees", async () => {
    const findings = await practice.examine(HELLO);

    expect(about(DEFAULTS, findings, practice)).toMatchInlineSnapshot(
      `"ok organization defaults: The App can read \`octo-org/.github\`."`,
    );
  });

  test("that enforce less than they seem to, or are wrong", async () => {
    const defaults = { owner: "octo-org", repo: ".github" };
    const write = (text: string) =>
      practice.github.writeFile(defaults, ".github/copilot-tasks.yml", text);
    await write("enforced: [permissions]\npermissions: { fix: { least: maintain } }\n");
    const POLICY = "organization policy";
    expect(about(POLICY, await practice.examine(HELLO), practice)).toMatchInlineSnapshot(`
      "warning organization policy: The organization enforces \`permissions\`, but not \`prompts\`, \`labels\` and \`commands\`: a repository can give the same work another name, for which the organization's rules for a kind don't hold. To close this, add \`prompts\`, \`labels\` and \`commands\` to \`enforced\`.
        Edit \`octo-org/.github/.github/copilot-tasks.yml\`."
    `);
    await write("forks: never\n");
    expect(about(POLICY, await practice.examine(HELLO), practice)).toMatchInlineSnapshot(`
      "failed organization policy: \`octo-org/.github/.github/copilot-tasks.yml\` has problems, so no task starts. Line 1, column 8: \`forks\` must be one of \`deny\`, \`base\`, \`allow-after-ok\`.
        Fix the file. \`/copilot config\` lists all problems."
    `);
    await practice.github.deleteFile(defaults, ".github/copilot-tasks.yml");
    expect(about(POLICY, await practice.examine(HELLO), practice)).toBe("");
  });

  test("in one that the App was not given", async () => {
    await practice.github.installation.removeRepository(".github");
    const findings = await practice.examine(HELLO);
    await practice.github.installation.addRepository(".github");

    expect(about(DEFAULTS, findings, practice)).toMatchInlineSnapshot(`
      "warning organization defaults: The App can't see \`octo-org/.github\`, so the organization's defaults, if any, aren't used.
        To use them, an owner of \`octo-org\` can add that repository to the App's installation at https://GITHUB/organizations/octo-org/settings/installations/515151."
    `);
    expect(about(INSTALLATION, findings, practice)).toMatchInlineSnapshot(
      `"ok installation: Installed on \`octo-org\` for selected repositories, including this one."`,
    );
  });

  test("none, where the App sees everything", async () => {
    await practice.github.installation.delete();
    await practice.github.installation.create();
    practice.github.failNext({ method: "GET", path: "/repos/octo-org/.github" }, { status: 404 });
    const findings = await practice.examine(HELLO);

    expect(about(DEFAULTS, findings, practice)).toMatchInlineSnapshot(
      `"ok organization defaults: None: there's no \`octo-org/.github\`."`,
    );
  });
});

describe("all of them", () => {
  const app: AppFacts = {
    clientId: null,
    slug: "bot",
    url: "https://github.com/apps/bot",
    owner: null,
    permissions: { issues: "write" },
    events: [],
  };
  test("one with which something is wrong has a finding of its own", () => {
    const installations = [installed("a"), installed("b", { permissions: { issues: "read" } })];

    expect(textOf(judgeInstallations(installations, app), practice)).toMatchInlineSnapshot(`
      "ok installations: 2: \`a\`, \`b\`.
      warning installation on \`b\`: \`b\` hasn't accepted new permissions: \`issues: write\`.
        An owner of \`b\` can accept them at https://github.com/organizations/b/settings/installations/1."
    `);
  });

  test("a person's account has no members to see", () => {
    const asking = { ...app, permissions: { issues: "write", members: "read" } };
    const [organization, person] = [installed("a"), installed("b", { isOrganization: false })];

    expect(textOf(judgeInstallations([organization, person], asking), practice))
      .toMatchInlineSnapshot(`
        "ok installations: 2: \`a\`, \`b\`.
        warning installation on \`a\`: \`a\` hasn't accepted new permissions: \`members: read\`.
          An owner of \`a\` can accept them at https://github.com/organizations/a/settings/installations/1."
      `);
  });

  test("more than can be named", () => {
    const installations = Array.from({ length: 23 }, (_, index) => installed(`o${index}`));

    expect(textOf(judgeInstallations(installations, app), practice)).toMatch(
      /`o19` and 3 more\.$/u,
    );
  });

  test("nowhere", async () => {
    await practice.github.installation.delete();
    const findings = await practice.examine(null);
    await practice.github.installation.create();

    expect(about("installations", findings, practice)).toMatchInlineSnapshot(`
      "warning installations: The App isn't installed anywhere.
        Install it on your repositories at https://GITHUB/apps/copilot-task-bot/installations/new."
    `);
  });
});
