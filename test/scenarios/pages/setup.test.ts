import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { organization } from "../../../sandbox/github/seed.ts";
import { textOf } from "../../web/browser.ts";
import { useWorld } from "../world.ts";
import type { Visitor } from "./visitor.ts";
import { visit } from "./visitor.ts";

const POLICY = ".github/copilot-tasks.yml";
const vault = { owner: organization, repo: "vault" };
const defaults = { owner: organization, repo: ".github" };
const world = useWorld({
  connecting: true,
  repositories: [{ name: vault.repo, private: true }, { name: defaults.repo }, { name: "wrong" }],
});
const people: Record<string, Visitor> = {};

beforeAll(async () => {
  await world.github.writeFile(
    vault,
    POLICY,
    "labels:\n  copilot:Please: fix\n  copilot:fix: null\n",
  );
  await world.github.writeFile({ ...vault, repo: "wrong" }, POLICY, "forks: maybe\n");
  for (const login of ["octocat", "writer", "reader", "stranger"]) {
    people[login] = await visit(world, login);
  }
});

function browserOf(login: string): Visitor {
  const visitor = people[login];
  if (visitor === undefined) throw new Error(`${login} hasn't signed in`);
  return visitor;
}

/** What somebody reads on a page, on one line. */
async function see(login: string, path: string) {
  const page = await browserOf(login).see(path);
  return { ...page, text: page.text.replaceAll(/\s+/gu, " ") };
}

const page = () => `/setup?installation_id=${world.github.installationId}`;
const created = () =>
  world.github.requests.filter(({ method, path }) => method === "POST" && path.endsWith("/labels"));

function label(name: string, kind: string) {
  return { name, description: `Starts a Copilot task: ${kind}`, color: "8250df" };
}

describe("the setup page", () => {
  it("shows an owner of the organization what's there, and what's wrong", async () => {
    const { status, text, html } = await see("octocat", page());
    expect(status).toBe(200);
    expect(text).toContain("Set up the bot for octo-org");
    expect(text).toContain("Installed on all repositories. Change this on GitHub");
    expect(text).toContain("The App has the permissions that it needs.");
    expect(text).toContain("octo-org/vault");
    expect(text).toContain(
      "Policy in force: 2 settings differ from the defaults labels.copilot:please fix",
    );
    expect(text).toContain("Policy in force: all settings have their default values.");
    expect(text).toContain("octo-org/wrong Nobody can start tasks here until this is fixed.");
    expect(text).toContain("Create 12 missing labels");
    expect(html).toContain(`/settings/installations/${world.github.installationId}`);
    expect(html).toContain(`/octo-org/hello/new/main?filename=.github%2Fcopilot-tasks.yml`);
  });

  it.each(["writer", "reader", "stranger"])(
    "isn't there for %s, as one of no installation",
    async (login) => {
      const answers = [];
      for (const path of [page(), "/setup?installation_id=1", "/setup?installation_id=a"]) {
        const { status, html } = await see(login, path);
        answers.push({ status, html });
      }
      const [theirs, ...nobodys] = answers;
      expect(theirs?.status).toBe(404);
      expect(theirs?.html).not.toContain("octo-org");
      expect(nobodys).toEqual([theirs, theirs]);
    },
  );

  it("asks a stranger's GitHub the same, whether or not there's such an installation", async () => {
    const asked = [];
    for (const path of [page(), "/setup?installation_id=1"]) {
      const first = world.github.requests.length;
      await see("stranger", path);
      asked.push(world.github.requests.slice(first).map(({ by, path: at }) => `${by} ${at}`));
    }
    expect(asked[0]).toEqual(["stranger /user/installations"]);
    expect(asked[1]).toEqual(asked[0]);
  });

  it("lets people choose among the installations that they administer", async () => {
    const octocats = await see("octocat", "/setup");
    expect(octocats.html).toContain(`<a href="${page()}"><bdi>octo-org</bdi></a>`);
    const readers = await see("reader", "/setup");
    expect(readers.text).toContain("The App isn't installed in an account that you administer.");
    expect(readers.html).not.toContain(`installation_id=`);
    expect(readers.html).toContain("/apps/copilot-task-bot/installations/new");
  });

  it("shows which permissions nobody has accepted", async () => {
    world.github.app.permissions["actions"] = "read";
    const { text } = await see("octocat", page());
    expect(text).toContain("The App asks for permissions that nobody has accepted yet.");
    expect(text).toContain("actions: read (now none)");
    delete world.github.app.permissions["actions"];
  });

  it("is where the start page sends whoever has no repository", async () => {
    expect((await see("stranger", "/")).html).toContain("/apps/copilot-task-bot/installations/new");
  });
});

describe("the button", () => {
  it("is for administrators, and for the bot's own form", async () => {
    const path = `${world.app.url}/setup/labels`;
    const fields = { installation_id: `${world.github.installationId}`, key: randomUUID() };
    expect((await browserOf("octocat").send(path, fields)).status).toBe(403);
    await browserOf("writer").see("/");
    expect((await browserOf("writer").send(path, fields)).status).toBe(403);
    expect(created()).toEqual([]);
  });

  it("creates the missing labels, with descriptions, and changes no other", async () => {
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(vault, { title: "It", body: "It crashes." });
    await octocat.label(issue, "COPILOT:Triage");
    const refused = { method: "POST", path: "/repos/octo-org/blocked/labels" };
    const message = "Repository was archived so is read-only.";
    world.github.failNext(refused, { status: 403, body: { message } });
    const exists = [{ resource: "Label", code: "already_exists", field: "name" }];
    world.github.failNext(
      { method: "POST", path: "/repos/octo-org/.github/labels" },
      { status: 422, body: { message: "Validation Failed", errors: exists } },
    );

    const { html } = await see("octocat", page());
    const key = /name="key" value="(?<key>[^"]+)"/u.exec(html)?.groups?.["key"] ?? "";
    const after = await browserOf("octocat").submit("/setup/labels");
    expect([after.status, new URL(after.url).search]).toEqual([
      200,
      `?installation_id=${world.github.installationId}&done=${key}`,
    ]);
    const text = textOf(after.html).replaceAll(/\s+/gu, " ");
    expect(text).toContain("7 labels were created. GitHub refused them in octo-org/blocked");
    expect(text).toContain("Create 4 missing labels");
    const [triage, fix, review] = ["triage", "fix", "review"].map((kind) =>
      label(`copilot:${kind}`, kind),
    );
    expect(created().map(({ path, body, status }) => [path.split("/")[3], status, body])).toEqual([
      ["hello", 201, triage],
      ["hello", 201, fix],
      ["hello", 201, review],
      ["blocked", 403, triage],
      ["vault", 201, review],
      ["vault", 201, label("copilot:please", "fix")],
      [".github", 422, triage],
      [".github", 201, fix],
      [".github", 201, review],
    ]);
    expect(created().every(({ by }) => by === world.github.botLogin)).toBe(true);
  });

  it("creates nothing twice, and goes on where GitHub refused", async () => {
    const before = created().length;
    const { html } = await see("octocat", page());
    const fields = Object.fromEntries(
      [...html.matchAll(/name="(form_token|key|installation_id)" value="([^"]+)"/gu)].map(
        ([, name = "", value = ""]) => [name, value],
      ),
    );
    await browserOf("octocat").submit("/setup/labels");
    expect(created().length).toBe(before + 4);
    const again = await browserOf("octocat").send(`${world.app.url}/setup/labels`, fields);
    expect([again.status, created().length]).toEqual([303, before + 4]);
    expect((await see("octocat", page())).html).not.toContain("/setup/labels");
  });
});

describe("the organization's file", () => {
  it("is shown with the line that's wrong", async () => {
    await world.github.writeFile(defaults, POLICY, "limits:\n  at_once: many\n");
    const { text } = await see("octocat", page());
    expect(text).toContain("octo-org/.github/.github/copilot-tasks.yml has problems");
    expect(text).toContain("Line 2, column 12: limits.at_once must be a whole number");
  });
});

describe("who doesn't own the organization anymore", () => {
  it("creates nothing, though the page is still shown to them", async () => {
    world.github.member("octocat", { role: "member", state: "active" });
    expect((await see("octocat", page())).status).toBe(200);
    const installation_id = `${world.github.installationId}`;
    const { html } = await see("octocat", "/");
    const form_token = /name="form_token" value="(?<it>[^"]+)"/u.exec(html)?.groups?.["it"] ?? "";
    const fields = { installation_id, form_token, key: randomUUID() };
    const sent = await browserOf("octocat").send(`${world.app.url}/setup/labels`, fields);
    expect(sent.status).toBe(404);
  });
});
