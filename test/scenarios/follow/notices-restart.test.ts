import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { describe, expect, it } from "vitest";
import { UNPACED_BOT } from "../../../sandbox/chaos/unpaced.ts";
import type { BotProcess } from "../../../sandbox/demo/bot.ts";
import { startBot } from "../../../sandbox/demo/bot.ts";
import type { FaultAnswer } from "../../../sandbox/github/faults.ts";
import { copilotAccount, hello } from "../../../sandbox/github/seed.ts";
import { startGitHub } from "../../../sandbox/github/server.ts";
import { startMissionControl } from "../../../sandbox/mission-control/server.ts";
import { createTestDatabase, isPostgresThere } from "../../store/test-database.ts";
import { botComments, canAttach, isNotice, RUNTIME } from "../world.ts";
import { FOLLOWING, NOT_CARRIED_OUT, STILL_WAITING, TAKEN_OVER } from "./followed.ts";

const QUESTION = [
  "user_input.requested",
  { requestId: "q1", question: "Where?", allowFreeform: true },
] as const;
const PLAN = [
  "exit_plan_mode.requested",
  { requestId: "p1", summary: "- Fix it", planContent: "", actions: ["interactive"] },
] as const;
const permissionRequest = { kind: "shell", toolCallId: "call", fullCommandText: "npm test" };

/** A session that is followed, and bots that can be killed. Stories run side by side: their bots take long to start. */
async function openStory({ onTestFinished }: TestContext, databaseUrl?: string) {
  const missionControl = await startMissionControl();
  const github = await startGitHub();
  const bots: BotProcess[] = [];
  const directories: string[] = [];
  const directory = () => {
    const made = mkdtempSync(join(tmpdir(), "copilot-task-bot-notice-"));
    directories.push(made);
    return made;
  };
  const shared = directory();
  async function start(): Promise<BotProcess> {
    const bot = await startBot(
      {
        ...github.environment,
        ...missionControl.environment,
        ...RUNTIME,
        COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
        WAITS: JSON.stringify(FOLLOWING.timeouts),
        ...(databaseUrl === undefined
          ? { DATA_DIR: shared }
          : { DATA_DIR: directory(), DATABASE_URL: databaseUrl }),
      },
      UNPACED_BOT,
    );
    bots.push(bot);
    return bot;
  }
  onTestFinished(async () => {
    await Promise.all(bots.map((bot) => bot.stop()));
    await github.close();
    await missionControl.close();
    for (const made of directories) rmSync(made, { recursive: true, force: true });
  });
  const first = await start();
  github.deliverTo(`${first.url}/api/github/webhooks`);
  const octocat = github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "It crashes" });
  await octocat.label(issue, "copilot:triage");
  await botComments({ github }, issue, (body) => body.includes("Copilot is working"));
  const session = missionControl.tasks[0]?.id ?? "";
  const emit = (type: string, data: object) => missionControl.emit(session, type, { ...data });
  const thread = async () => {
    const { comments } = await github.thread(hello.owner, hello.repo, issue.number);
    return comments.filter(({ author }) => author === github.botLogin).map(({ body }) => body);
  };
  const until = async (condition: (bodies: readonly string[]) => boolean) => {
    await github.until(async () => condition(await thread()), 60_000);
    return thread();
  };
  return { missionControl, github, first, start, issue, emit, until };
}

function noticesOf(bodies: readonly string[]): string[] {
  return bodies.filter(isNotice);
}

/** The comment and its notice of a request that nobody watches any more. */
function isLeftToPeople(bodies: readonly string[]): boolean {
  const comment = bodies.find((body) => !isNotice(body));
  const [notice, ...others] = noticesOf(bodies);
  return (
    comment?.includes(STILL_WAITING) === true &&
    notice?.includes("/copilot approve") === false &&
    others.length === 0
  );
}

type Story = Awaited<ReturnType<typeof openStory>>;

const COMMENTS = /\/issues\/1\/comments$/u;
const A_COMMENT = /\/issues\/comments\/\d+$/u;

const asking = (answer: FaultAnswer) => async (story: Story) => {
  const { met } = story.github.failNext({ method: "POST", path: COMMENTS }, answer);
  story.emit("permission.requested", { requestId: "r1", permissionRequest });
  await met;
};

const answered = (answer: FaultAnswer) => async (story: Story) => {
  story.emit("permission.requested", { requestId: "r1", permissionRequest });
  await story.until((bodies) => noticesOf(bodies).length === 1);
  const { met } = story.github.failNext({ method: "DELETE", path: A_COMMENT }, answer);
  story.emit("permission.completed", { requestId: "r1", result: { kind: "approved" } });
  await met;
};

/** A moment at which the bot is killed, and how many notices there are in the end. */
const FAULT_POINTS = [
  ["while the notice is written", asking("hang"), 1],
  ["once the notice is written, and its answer lost", asking("perform and drop"), 1],
  ["while the notice is deleted", answered("hang"), 0],
  ["once the notice is deleted, and its answer lost", answered("perform and drop"), 0],
] as const;

const created = ({ github }: Story) =>
  github.requests.filter(
    ({ method, path, status }) => method === "POST" && COMMENTS.test(path) && status === 201,
  );

describe.concurrent("the bot is killed, and started again", () => {
  it.for(FAULT_POINTS)("%s", { timeout: 180_000 }, async ([_step, reached, count], context) => {
    const story = await openStory(context);
    await reached(story);
    await story.first.kill();
    const next = await story.start();
    await next.logged(TAKEN_OVER);
    const bodies = await story.until((all) => noticesOf(all).length === count);
    expect(bodies.filter((body) => !isNotice(body))).toHaveLength(1);
    if (count === 0) return;
    if (!canAttach) {
      await story.until(isLeftToPeople);
      expect(created(story).length).toBeLessThanOrEqual(2);
      return;
    }
    // Whatever was written twice would be there by the time that the request is settled.
    story.emit("permission.completed", { requestId: "r1", result: { kind: "approved" } });
    await story.until((all) => noticesOf(all).length === 0);
    expect(created(story).length).toBeLessThanOrEqual(2);
  });

  it("a permission that waits can still be answered from the thread, or in Mission Control", async (context) => {
    const { emit, first, start, github, issue, until, missionControl } = await openStory(context);
    emit("permission.requested", { requestId: "r1", permissionRequest });
    const COMMAND = /\/copilot approve [0-9a-f]{8} [0-9a-f]{4}/u;
    const bodies = await until((all) => noticesOf(all).some((body) => COMMAND.test(body)));
    const command = COMMAND.exec(noticesOf(bodies)[0] ?? "")?.[0] ?? "";
    await first.kill();
    const second = await start();
    github.deliverTo(`${second.url}/api/github/webhooks`);
    await second.logged(TAKEN_OVER);
    if (!canAttach) await until(isLeftToPeople);
    await github.as("writer").comment(issue, command);
    if (!canAttach) {
      await until((all) => all.some((body) => body.includes(NOT_CARRIED_OUT)));
      expect(missionControl.tasks[0]?.permissionResponses).toEqual([]);
      return;
    }
    await until((all) => all.some((body) => body.includes("approved Copilot's request")));
    await until((all) => noticesOf(all).length === 0);
    expect(missionControl.tasks[0]?.permissionResponses).toMatchObject([{ approved: true }]);
  }, 240_000);

  // The runtime, which ends with the bot, mostly turns down what waits for somebody; sometimes it ends before that.
  it.for([
    ["a question", QUESTION, "user_input.completed", { answer: "", wasFreeform: true }],
    ["a plan", PLAN, "exit_plan_mode.completed", { approved: false }],
  ] as const)(
    "%s that the runtime turned down then no longer waits for anybody, if the bot can see that",
    { timeout: 180_000 },
    async ([_what, [type, data], completed, outcome], context) => {
      const { emit, first, start, until } = await openStory(context);
      emit(type, data);
      await until((all) => noticesOf(all).length === 1);
      await first.kill();
      emit(completed, { requestId: data.requestId, ...outcome });
      await start();
      if (!canAttach) {
        await until(isLeftToPeople);
        return;
      }
      const bodies = await until((all) => noticesOf(all).length === 0);
      expect(bodies).toEqual([expect.stringContaining("Copilot is working")]);
    },
  );
});

it.concurrent("a question outlives a bot that is stopped, and is left to Mission Control", async (context) => {
  const { emit, first, start, until, missionControl } = await openStory(context);
  emit(...QUESTION);
  await until((all) => noticesOf(all).some((body) => body.includes("/copilot approve")));
  expect(await first.stop()).toBe(0);
  await start();
  const words = canAttach ? "You can only answer this [in Mission Control](" : STILL_WAITING;
  const bodies = await until(
    (all) =>
      all.some((body) => body.includes(words)) &&
      noticesOf(all).some((body) => body.includes("and answer [in")),
  );
  expect(bodies).toEqual([
    expect.stringContaining(words),
    expect.stringContaining("Copilot has a question"),
  ]);
  expect(missionControl.tasks[0]?.responses).toEqual([]);
}, 180_000);

it.concurrent("one of two replicas is killed: the other finds the notice, and posts no second one", async (context) => {
  context.skip(!(await isPostgresThere()), "PostgreSQL doesn't answer");
  const database = await createTestDatabase();
  context.onTestFinished(() => database.drop());
  const story = await openStory(context, database.url);
  const second = await story.start();
  await asking("perform and drop")(story);
  await story.first.kill();
  await second.logged(TAKEN_OVER);
  await story.until((bodies) => noticesOf(bodies).length === 1);
  if (!canAttach) {
    await story.until(isLeftToPeople);
    expect(created(story).length).toBeLessThanOrEqual(2);
    return;
  }
  story.emit("permission.completed", { requestId: "r1", result: { kind: "approved" } });
  const bodies = await story.until((all) => noticesOf(all).length === 0);
  expect(bodies).toHaveLength(1);
  expect(created(story).length).toBeLessThanOrEqual(2);
}, 180_000);
