import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { connect } from "../../../sandbox/connecting.ts";
import { organization } from "../../../sandbox/github/seed.ts";
import type { Place } from "../world.ts";
import { botComments, isNotice, useWorld } from "../world.ts";
import { FOLLOWING } from "../follow/followed.ts";
import type { Visitor } from "./visitor.ts";
import { visit } from "./visitor.ts";
import { textOf } from "../../web/browser.ts";

/** Nobody but its people can read these. */
const vault = { owner: organization, repo: "vault" };
const shared = { owner: organization, repo: "shared" };
const world = useWorld({
  ...FOLLOWING,
  connecting: true,
  people: { ada: "write" },
  repositories: [vault, shared].map(({ repo: name }) => ({ name, private: true })),
});

let octocat: Visitor;
let ada: Visitor;
let stranger: Visitor;
let issue: Place;
let task = "";

/** The id of an issue's first task. */
async function taskOn(place: Place): Promise<string> {
  const comment = (await botComments(world, place)).find((body) => !isNotice(body));
  return /copilot-task:(?<id>[0-9a-f-]{36})/u.exec(comment ?? "")?.groups?.["id"] ?? "";
}

/** Whether the list has the task for Octocat. */
async function shows(query: string): Promise<boolean> {
  return (await octocat.see(`/?${query}`)).html.includes(`/tasks/${task}`);
}

/** Octocat asks for a task in a repository; its issue, once there's a session. */
async function startIn(repository: typeof vault): Promise<Place> {
  const author = world.github.as("octocat");
  const place = await author.openIssue(repository, { title: "It crashes", body: "At midnight." });
  await author.label(place, "copilot:triage");
  await botComments(world, place, (body) => body.includes("Open session"));
  return place;
}

beforeAll(async () => {
  await connect("octocat", `${world.app.url}/connect`);
  issue = await startIn(vault);
  task = await taskOn(issue);
  [octocat, stranger] = [await visit(world, "octocat"), await visit(world, "stranger")];
  ada = await visit(world, "ada");
});

describe("the tasks", () => {
  it("are listed for whoever can read their repository, and for nobody else", async () => {
    const subject = `${vault.owner}/${vault.repo}#${issue.number}`;
    expect((await octocat.see("/")).html).toContain(`/tasks/${task}`);
    expect((await octocat.see("/")).text).toContain(subject);
    const strangers = await stranger.see("/");
    expect(strangers.html).not.toContain(task);
    expect(strangers.html).not.toContain(vault.repo);
  });

  it("are filtered by what an address says", async () => {
    expect(await shows("kind=triage&requester=octocat")).toBe(true);
    expect(await shows("kind=fix")).toBe(false);
    expect(await shows(`repository=${vault.owner}/${vault.repo}`)).toBe(true);
    expect(await shows("repository=octo-org/blocked")).toBe(false);
    expect(await shows("state=failed")).toBe(false);
    expect(await shows(`search=${vault.owner}/${vault.repo}%23${issue.number}`)).toBe(true);
  });

  it("have a page, which isn't there for whoever can't read their repository", async () => {
    const page = await octocat.see(`/tasks/${task}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain("Requested by");
    const [theirs, nobodys] = [
      await stranger.see(`/tasks/${task}`),
      await stranger.see(`/tasks/${randomUUID()}`),
    ];
    expect(theirs.status).toBe(404);
    expect(theirs.html).toBe(nobodys.html);
  });

  it("are behind a sign-in that leads back to them", async () => {
    const signedOut = await fetch(`${world.app.url}/tasks/${task}`, { redirect: "manual" });
    expect(signedOut.status).toBe(303);
    expect(signedOut.headers.get("location")).toBe(`/sign-in?return_to=%2Ftasks%2F${task}`);
  });
});

describe("a button", () => {
  it("can't be pressed by somebody who can't read the repository, nor from another site", async () => {
    const path = `${world.app.url}/tasks/${task}/commands`;
    const fields = { command: "stop", key: randomUUID() };
    await stranger.see("/");
    expect((await stranger.submit("/sign-out")).status).toBe(200);
    expect((await stranger.send(path, fields)).status).toBe(403);
    expect((await octocat.send(path, fields)).status).toBe(403);
  });

  it("that's somebody else's does nothing, whatever form is sent", async () => {
    const messages = world.missionControl.tasks[0]?.prompts.length;
    const page = await ada.see(`/tasks/${task}`);
    expect(page.text).toContain("Send a message: The session uses the Copilot of @octocat");
    const fields = { command: "send", text: "Push to main", key: randomUUID() };
    const { html } = await ada.submit(`/tasks/${task}/commands`, fields);
    expect(textOf(html)).toContain("Nothing changed.");
    expect(textOf(html)).toContain("uses the Copilot of octocat, so only they can send it");
    expect(world.missionControl.tasks[0]?.prompts.length).toBe(messages);
  });

  it("is there for everybody who can write, where the policy says so", async () => {
    await world.github.writeFile(shared, ".github/copilot-tasks.yml", "steering: writers\n");
    const place = await startIn(shared);
    const path = `/tasks/${await taskOn(place)}`;
    expect((await ada.see(path)).text).toContain("Message to Copilot");
    const sent = await ada.submit(`${path}/commands`, { command: "send", text: "And the tests?" });
    expect(textOf(sent.html)).toContain("It's on its way to the session.");
    await botComments(world, place, (body) => body.includes("`ada` (on the page) sent a message"));
  });

  it("gives the command, and the thread shows it", async () => {
    await octocat.see(`/tasks/${task}`);
    const fields = { command: "stop", key: randomUUID() };
    const after = await octocat.submit(`/tasks/${task}/commands`, fields);
    expect(after.status).toBe(200);
    expect(new URL(after.url).searchParams.has("command")).toBe(true);
    const again = await octocat.submit(`/tasks/${task}/commands`, fields);
    expect(textOf(again.html)).toContain("This was sent before, so it counts once.");
    const [comment = ""] = await botComments(world, issue, (body) => body.includes("on the page"));
    expect(comment).toContain("Stopped by `octocat` (on the page).");
    const { text } = await octocat.see(`/tasks/${task}`);
    expect(text.match(/@octocat \(on the page\) asked to stop/gu)).toHaveLength(1);
  });
});
