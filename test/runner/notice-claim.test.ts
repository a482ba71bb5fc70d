import { expect, test } from "vitest";
import { GITHUB_COM } from "../../src/core/github/hosts.ts";
import { createNotices } from "../../src/runner/report/notices.ts";
import type { GitHub } from "../../src/ports/github.ts";
import { openStore } from "../store/opened.ts";
import { ASKED, moving, record, STARTED } from "../store/story.ts";
import { commanded } from "../store/trigger.ts";
import { over } from "../core/task.ts";
import { NAMELESS } from "./nameless.ts";

const never = () => Promise.reject(new Error("not asked here"));

test("a replica that loses its claim while it looks for a notice posts none", async () => {
  let at = Date.parse("2026-11-29T12:00:00.000Z");
  const now = () => new Date(at);
  const { tasks } = await openStore(undefined, { now });
  const posts: string[] = [];
  const github: GitHub = {
    slug: NAMELESS,
    survey: never,
    roleOf: never,
    membership: never,
    branch: never,
    text: never,
    react: never,
    async findComment({ id }) {
      // A long thread takes longer to look through than a claim lasts.
      at += 20_000;
      expect(await tasks.claim(id, "receive")).toMatchObject({ type: "claimed" });
      return null;
    },
    writeCheckRun: never,
    createComment: (_task, body) => Promise.resolve(posts.push(body)),
    deleteComment: never,
    updateComment: never,
    addLabel: never,
    removeLabel: never,
    whereabouts: never,
    repositoryToken: never,
    submodulesAt: never,
    submoduleToken: never,
    openDraftPull: never,
    troubleOf: () => null,
  };
  const failed = over(ASKED, STARTED, {
    state: "failed",
    decision: { kind: "triage", notify: ["failed"] },
  });
  const cutOff = { shown: { notice: { about: "failed", intentAt: "2026-11-29T11:59:00.000Z" } } };
  const task = await record(tasks, await moving(tasks, commanded(1)), over(failed, cutOff));
  if (task === null) throw new TypeError("lost");
  const notices = createNotices({ tasks, github, now, digest: (text) => text }, GITHUB_COM, {
    noticeEveryMs: 1_000,
  });
  await expect(notices.bring(task)).rejects.toThrow("was claimed by somebody else");
  expect(posts).toEqual([]);
});
