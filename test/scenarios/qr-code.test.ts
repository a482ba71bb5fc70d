import { expect, it, vi } from "vitest";
import { connect } from "../../sandbox/connecting.ts";
import { organization } from "../../sandbox/github/seed.ts";
import { readMarkdown } from "../core/markdown.ts";
import { scan } from "../web/scanner.ts";
import { withPolicy } from "./governance/story.ts";
import { botComments, useWorld } from "./world.ts";

const world = useWorld({
  connecting: true,
  repositories: ["with-qr", "without-qr"].map((name) => ({ name })),
  timeouts: { linkGraceMs: 200, editEveryMs: 300, sessionCommandsEveryMs: 200 },
});

const isStarted = (body: string) => body.includes("[Open session]");

/** Octocat, who is connected, asks for a session; gives the comment once nothing is left to do. */
async function start(repo: string) {
  await connect("octocat", `${world.app.url}/connect`);
  const settled = () => world.log.filter((line) => line.includes("task settled")).length;
  const [before, asked] = [settled(), world.github.requests.length];
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue({ owner: organization, repo }, { title: "It crashes" });
  await octocat.label(issue, "copilot:triage");
  const [comment = ""] = await botComments(world, issue, isStarted);
  await vi.waitUntil(() => settled() > before, { timeout: 30_000 });
  const requests = world.github.requests.slice(asked).map(({ method, path }) => {
    return `${method} ${path.replaceAll(repo, "REPO").replaceAll(/\d+/gu, "N")}`;
  });
  return { issue, comment, requests };
}

/** The comment's link to the session, and what a scanner reads in its image, which anybody can get. */
async function linkAndCode(comment: string) {
  const { links, images } = readMarkdown(comment);
  const [image = ""] = images;
  const answer = await fetch(image);
  const code = answer.ok ? await scan(new Uint8Array(await answer.arrayBuffer())) : answer.status;
  return { image, link: links[0], code };
}

it("the comment has the link as a QR code, which the bot shows to whoever has its address", async () => {
  const { comment } = await start("with-qr");
  const { image, link, code } = await linkAndCode(comment);
  expect(image).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/qr\/[0-9a-f-]{36}\/[0-9a-f]{32}\.png$/u);
  expect(code).toEqual([link]);
  expect(link).toMatch(/^https:\/\/github\.com\/copilot\/tasks\/[0-9a-f-]{36}$/u);
  // The log may be kept for longer than the task.
  const [secret = ""] = /[0-9a-f]{32}(?=\.png$)/u.exec(image) ?? [];
  expect(world.log.join("")).not.toContain(secret);
});

it("a link that the session reports late has a code of its own, and the other one is gone", async () => {
  world.missionControl.behaveOnce({ link: { none: true } });
  const { issue, comment } = await start("with-qr");
  const before = await linkAndCode(comment);
  expect(before.code).toEqual([before.link]);
  const url = `https://github.com/${organization}/with-qr/tasks/4711`;
  const { id = "" } = world.missionControl.tasks.at(-1) ?? {};
  const message = { infoType: "remote", message: "On GitHub.", url };
  world.missionControl.emit(id, "session.info", message);
  const [corrected = ""] = await botComments(world, issue, (body) => body.includes(`(${url})`));
  const after = await linkAndCode(corrected);
  expect(after).toMatchObject({ link: url, code: [url] });
  expect(after.image).not.toBe(before.image);
  expect((await fetch(before.image)).status).toBe(404);
});

it("where the policy wants no code, there's none, and GitHub is asked for as much as with one", async () => {
  await withPolicy(world, "with-qr", "context: trusted");
  await withPolicy(world, "without-qr", "qr: false");
  const [one, other] = [await start("with-qr"), await start("without-qr")];
  expect(one.comment).toContain("Open on your phone");
  expect(other.comment).not.toMatch(/phone|\/qr\//u);
  expect(other.comment).toContain("Open session");
  expect(one.requests.toSorted()).toEqual(other.requests.toSorted());
});
