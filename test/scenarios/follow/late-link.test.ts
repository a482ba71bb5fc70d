import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UNPACED_BOT } from "../../../sandbox/chaos/unpaced.ts";
import { startBot } from "../../../sandbox/demo/bot.ts";
import { copilotAccount, hello } from "../../../sandbox/github/seed.ts";
import { startGitHub } from "../../../sandbox/github/server.ts";
import type { Behavior } from "../../../sandbox/mission-control/behavior.ts";
import { startMissionControl } from "../../../sandbox/mission-control/server.ts";
import type { World } from "../world.ts";
import {
  botComments,
  canAttach,
  isNotice,
  readsAfterShutdown,
  RUNTIME,
  useWorld,
} from "../world.ts";
import { FOLLOWING, TAKEN_OVER } from "./followed.ts";

const URL_OF_SESSION = "https://github.com/octo-org/hello/tasks/4711";
const FALLBACK = /\]\(https?:\/\/[^/)]+\/copilot\/tasks\/[0-9a-f-]{36}\)/u;

const step = (type: string, data = {}) => ({ afterMs: 0, type, data });
/** The comment is there before the session says where it is. */
const timeouts = { ...FOLLOWING.timeouts, linkGraceMs: 200 };

function isCorrect(body: string): boolean {
  return body.includes(`(${URL_OF_SESSION})`) && !isNotice(body);
}

const tellLink = ({ missionControl }: Pick<World, "missionControl">, session = "") =>
  missionControl.emit(session, "session.info", {
    infoType: "remote",
    message: "On GitHub.",
    url: URL_OF_SESSION,
  });

/** Labels an issue; once its comment has the fallback, the session reports its own link. */
async function reportedLate(world: World, behavior: Behavior, state: string) {
  world.missionControl.behaveOnce({ link: { none: true }, ...behavior });
  const sessions = world.missionControl.tasks.length;
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "It crashes" });
  await octocat.label(issue, "copilot:triage");
  const [before] = await botComments(world, issue, (body) => body.includes(state));
  expect(before).toMatch(FALLBACK);
  tellLink(world, world.missionControl.tasks[sessions]?.id);
  return issue;
}

/** The comment that had the fallback, after the session reported its own link. */
async function correction(world: World, behavior: Behavior, state: string) {
  const issue = await reportedLate(world, behavior, state);
  const all = await botComments(world, issue, isCorrect);
  const comments = all.filter((body) => !isNotice(body));
  expect(comments).toHaveLength(1);
  expect(comments[0]).not.toMatch(FALLBACK);
  return comments[0] ?? "";
}

describe("a followed session that reports its link late, long before the next edit is due", () => {
  const world = useWorld({ ...FOLLOWING, timeouts: { ...timeouts, editEveryMs: 3_600_000 } });

  it.each([
    ["and is idle by then", [step("session.idle")], "[Open session]", "Copilot is idle"],
    [
      "and is busy all the time",
      [step("assistant.turn_start")],
      "Copilot is working",
      "Copilot is working",
    ],
    [
      "and has ended by then",
      [step("session.task_complete", { summary: "Done.", success: true })],
      "Copilot finished",
      "Done.",
    ],
  ])("%s", async (_how, script, state, still) => {
    expect(await correction(world, { script }, state)).toContain(still);
  });

  it("and has failed by then, if the runtime reads on after the shutdown", async () => {
    const failed = "Copilot's session failed";
    const script = [
      step("session.error", { message: "x" }),
      step("session.shutdown", { shutdownType: "error" }),
    ];
    if (readsAfterShutdown) {
      expect(await correction(world, { script }, failed)).toContain(failed);
      return;
    }
    const issue = await reportedLate(world, { script }, failed);
    // Meanwhile the link of the next one is seen.
    await correction(world, { script: [step("session.idle")] }, "[Open session]");
    const [comment] = await botComments(world, issue);
    expect(comment).toMatch(FALLBACK);
  });
});

describe("a session that reports its link", () => {
  const room = useWorld({
    variables: { ...FOLLOWING.variables, MAX_FOLLOWED_SESSIONS: "1" },
    timeouts,
  });

  const crowded = canAttach
    ? "This comment isn't updated anymore because the bot follows too many other sessions."
    : "This comment isn't updated anymore because the bot made room for another session.";

  it("after another one was posted", async () => {
    const crowdOut = async () => {
      const octocat = room.github.as("octocat");
      const other = await octocat.openIssue(hello, { title: "Another" });
      await octocat.label(other, "copilot:triage");
    };
    const idle = { script: [step("session.idle")] };
    const corrected = correction(room, idle, crowded);
    await room.missionControl.until(() => room.missionControl.tasks.length === 1, 30_000);
    const isPrompted = () => room.missionControl.tasks[0]?.prompts.length === 1;
    await room.missionControl.until(isPrompted, 30_000);
    await crowdOut();
    expect(await corrected).toContain(crowded);
  });

  const slow = useWorld({ ...FOLLOWING, timeouts: { ...timeouts, promptNoticeMs: 500 } });

  it("before its prompt arrives", async () => {
    // An older runtime sends it again after 5 and 15 seconds.
    const steer = { status: 500, times: 2 };
    expect(await correction(slow, { steer }, "hasn't received the request yet")).toContain(
      "hasn't received the request yet",
    );
  });
});

/** For minutes, and what the comment says of a session that has finished. */
const FOLLOWED_FOR = [
  ["0", "[Open session]"],
  ["60", "Copilot finished"],
] as const;

describe("a session that reports its link after the bot was killed", () => {
  it.each(FOLLOWED_FOR)(
    "is found again with FOLLOW_MINUTES=%s, where it can be",
    async (FOLLOW_MINUTES, state) => {
      const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-link-"));
      const missionControl = await startMissionControl();
      const github = await startGitHub();
      const settings = {
        ...github.environment,
        ...missionControl.environment,
        ...RUNTIME,
        DATA_DIR: directory,
        FOLLOW_MINUTES,
        COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
        WAITS: JSON.stringify(FOLLOWING.timeouts),
      };
      const summary = "Done.";
      const script = [step("session.task_complete", { summary, success: true })];
      missionControl.behaveOnce({ link: { none: true }, script });
      const first = await startBot(settings, UNPACED_BOT);
      github.deliverTo(`${first.url}/api/github/webhooks`);
      const octocat = github.as("octocat");
      const issue = await octocat.openIssue(hello, { title: "It crashes" });
      await octocat.label(issue, "copilot:triage");
      await botComments({ github }, issue, (body) => body.includes(state));
      await first.logged("task settled");
      await first.kill();

      const second = await startBot(settings, UNPACED_BOT);
      await second.logged(canAttach ? "waiting for the session's link" : TAKEN_OVER);
      tellLink({ missionControl }, missionControl.tasks[0]?.id);
      const comments = await botComments({ github }, issue, (body) =>
        canAttach ? body.includes(URL_OF_SESSION) : FALLBACK.test(body),
      );
      expect(comments).toEqual([expect.stringContaining(state)]);
      expect(missionControl.tasks.map(({ prompts }) => prompts.length)).toEqual([1]);
      await second.stop();
      await github.close();
      await missionControl.close();
      rmSync(directory, { recursive: true, force: true });
    },
    120_000,
  );
});
