import { hostname } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "../../../sandbox/connecting.ts";
import { organization } from "../../../sandbox/github/seed.ts";
import { openPostgres } from "../../../src/store/postgres.ts";
import { createWorkerRows } from "../../../src/store/worker-rows.ts";
import { createTestDatabase } from "../../store/test-database.ts";
import { FOLLOWING } from "../follow/followed.ts";
import { botComments, useWorld } from "../world.ts";
import type { Visitor } from "./visitor.ts";
import { visit } from "./visitor.ts";

const database = process.env["TEST_STORE"] === "postgres" ? await createTestDatabase() : null;
afterAll(() => database?.drop());

/** Sessions run on workers, and not here. */
const OTHER_MACHINES = {
  SELF_HOSTED: "on",
  SELF_HOSTED_REPOSITORIES: "octo-org/*",
  SELF_HOSTED_SESSIONS: "0",
};

/** Of those here, only octocat can read it, who owns the organization. */
const vault = { owner: organization, repo: "vault" };
const world = useWorld({
  ...FOLLOWING,
  variables: {
    ...FOLLOWING.variables,
    ADMINS: "Ada",
    ...(database === null ? {} : { DATABASE_URL: database.url, ...OTHER_MACHINES }),
  },
  connecting: true,
  people: { ada: "none", bob: "none" },
  repositories: [{ name: vault.repo, private: true }],
  beforeStart(github) {
    github.app.owner = organization;
  },
});

let ada: Visitor;
let bob: Visitor;

beforeAll(async () => {
  if (database !== null) await connectWorker(database.url);
  await connect("octocat", `${world.app.url}/connect`);
  const author = world.github.as("octocat");
  const issue = await author.openIssue(vault, { title: "The safe is open", body: "At midnight." });
  await author.label(issue, "copilot:triage");
  await botComments(world, issue, (body) => body.includes("[Open session]"));
  [ada, bob] = [await visit(world, "ada"), await visit(world, "bob")];
});

async function connectWorker(url: string): Promise<void> {
  const opened = openPostgres(url);
  const worker = { id: "1", process: "1", name: "builder", publicKey: "" };
  await createWorkerRows(opened).register({ ...worker, labels: ["gpu"], places: 2, version: 1 });
  await opened.destroy();
}

/** Asks for a page without being signed in. */
function signedOut(path: string): Promise<Response> {
  return fetch(`${world.app.url}${path}`, { redirect: "manual" });
}

/** The headers that say neither when, nor where somebody is sent. */
function steady(headers: Headers): readonly string[][] {
  return [...headers].filter(([name]) => name !== "date" && name !== "location");
}

describe("the administration", () => {
  it("shows somebody in ADMINS how the whole bot is doing", async () => {
    // The first check may take longer than a page waits for it.
    await expect.poll(async () => (await ada.see("/admin")).text).toContain("checks passed");
    const { status, text } = await ada.see("/admin");
    expect(status).toBe(200);
    expect(text).toContain("App: copilot-task-bot, owned by octo-org.");
    expect(text).toMatch(/^Working\n1$/mu);
    expect(text).toContain("All comments are delivered.");
    expect(text).toMatch(/^Version \S+: ready\./mu);
    expect(text).toMatch(/^\d+ 1 \d+ MiB$/mu);
    expect(text).toContain("Nothing failed.");
    expect(text).toMatch(/^@octocat The GitHub App /mu);
    // Some time has passed since it said that it's there.
    const machines = /^builder gpu (?:0 of 2|–) (?:Connected|Not connected) since /mu;
    expect(machines.test(text)).toBe(database !== null);
    expect(text.includes(`the replica ${hostname()}, `)).toBe(database !== null);
    expect((await ada.see("/")).html).toContain(`<a href="/admin"`);
  });

  it("is shown to the owners of the organization whose App it is, as long as they are", async () => {
    const octocat = await visit(world, "octocat");
    expect((await octocat.see("/")).html).toContain(`<a href="/admin"`);
    expect((await octocat.see("/admin")).status).toBe(200);
    world.github.member("octocat", { role: "member", state: "active" });
    // What a session was told is remembered for a minute.
    expect((await octocat.see("/admin")).status).toBe(200);
    expect((await (await visit(world, "octocat")).see("/admin")).status).toBe(404);
  });

  it("is shown to the person whose App it is", async () => {
    world.github.app.owner = "octocat";
    expect((await (await visit(world, "octocat")).see("/admin")).status).toBe(200);
  });

  it("has no token, and nothing of a task that its reader can't read", async () => {
    const { html } = await ada.see("/admin");
    expect(html).not.toMatch(/gh[a-z]_\w{4}|github_pat_|eyJ[\w-]+\./u);
    for (const words of [
      "The safe is open",
      "At midnight",
      vault.repo,
      world.github.as("octocat").token,
    ]) {
      expect(html).not.toContain(words);
    }
  });

  it("isn't there for anybody else: the answer is that to any path without a page", async () => {
    const [admin, none] = [await bob.see("/admin"), await bob.see("/nothing")];
    expect([admin.status, admin.html]).toEqual([404, none.html]);
    expect(steady(admin.headers)).toEqual(steady(none.headers));
    expect((await bob.see("/")).html).not.toContain("/admin");
  });

  it("is behind a sign-in that leads back to it, as whatever is shown to somebody", async () => {
    const [admin, task] = [await signedOut("/admin"), await signedOut("/tasks/none")];
    expect([admin.status, await admin.text()]).toEqual([303, await task.text()]);
    expect(admin.headers.get("location")).toBe("/sign-in?return_to=%2Fadmin");
    expect(steady(admin.headers)).toEqual(steady(task.headers));
  });
});
