import type { TestContext } from "vitest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FaultAnswer } from "../../../sandbox/github/faults.ts";
import { createTestDatabase, isPostgresThere } from "../../store/test-database.ts";
import { canAttach, isNotice } from "../world.ts";
import { NOT_CARRIED_OUT, STILL_WAITING, TAKEN_OVER } from "./followed.ts";
import type { Story, World } from "./killed-bots.ts";
import { follow, LASTING, openWorld } from "./killed-bots.ts";

const QUESTION = [
  "user_input.requested",
  { requestId: "q1", question: "Where?", allowFreeform: true },
] as const;
const PLAN = [
  "exit_plan_mode.requested",
  { requestId: "p1", summary: "- Fix it", planContent: "", actions: ["interactive"] },
] as const;
const permissionRequest = { kind: "shell", toolCallId: "call", fullCommandText: "npm test" };

/** A world with one such session, and the bot that follows it. */
async function openStory({ onTestFinished }: TestContext, databaseUrl?: string) {
  const world = await openWorld(databaseUrl);
  onTestFinished(() => world.close());
  const first = await world.start();
  world.github.deliverTo(`${first.url}/api/github/webhooks`);
  return { ...world, first, ...(await follow(world)) };
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

const commentsOf = ({ issue }: Story) => new RegExp(`/issues/${issue.number}/comments$`, "u");
const A_COMMENT = /\/issues\/comments\/\d+$/u;

const asking = (answer: FaultAnswer) => async (story: Story) => {
  const { met } = story.github.failNext({ method: "POST", path: commentsOf(story) }, answer);
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
  ["while the notice is deleted", answered("hang"), 0],
  ["once the notice is deleted, and its answer lost", answered("perform and drop"), 0],
  ["while the notice is written", asking("hang"), 1],
  ["once the notice is written, and its answer lost", asking("perform and drop"), 1],
] as const;

// The runtime, which ends with the bot, mostly turns down what waits for somebody; sometimes it ends before that.
const TURNED_DOWN = [
  ["a question", QUESTION, "user_input.completed", { answer: "", wasFreeform: true }],
  ["a plan", PLAN, "exit_plan_mode.completed", { approved: false }],
] as const;

const COMMAND = /\/copilot approve [0-9a-f]{8} [0-9a-f]{4}/u;

const created = (story: Story) =>
  story.github.requests.filter(
    ({ method, path, status }) =>
      method === "POST" && commentsOf(story).test(path) && status === 201,
  );

/** One bot brings a session to each of these steps, and is killed there. Another one goes on with all of them. */
describe("the bot is killed, and started again", () => {
  let world: World;
  /** What the notice of the permission says. */
  let approve = "";
  const stories = new Map<string, Story>();
  const storyOf = (name: string) => stories.get(name) ?? expect.fail(`no story: ${name}`);

  beforeAll(async () => {
    world = await openWorld();
    const first = await world.start(LASTING);
    world.github.deliverTo(`${first.url}/api/github/webhooks`);
    const names = [...FAULT_POINTS, ...TURNED_DOWN].map(([name]) => name);
    for (const name of ["a permission", ...names]) stories.set(name, await follow(world));
    storyOf("a permission").emit("permission.requested", { requestId: "r1", permissionRequest });
    for (const [name, [type, data]] of TURNED_DOWN) storyOf(name).emit(type, data);
    for (const name of ["a question", "a plan"]) {
      await storyOf(name).until((all) => noticesOf(all).length === 1);
    }
    const isOffered = (body: string) => isNotice(body) && COMMAND.test(body);
    const bodies = await storyOf("a permission").until((all) => all.some(isOffered));
    approve = COMMAND.exec(bodies.find(isOffered) ?? "")?.[0] ?? "";
    for (const [name, reached] of FAULT_POINTS) await reached(storyOf(name));
    await first.kill();
    for (const [name, [, { requestId }], completed, outcome] of TURNED_DOWN) {
      storyOf(name).emit(completed, { requestId, ...outcome });
    }
    const next = await world.start();
    world.github.deliverTo(`${next.url}/api/github/webhooks`);
    await next.logged(TAKEN_OVER, stories.size);
  }, 180_000);
  afterAll(() => world.close());

  it.for(FAULT_POINTS)("%s", async ([step, , count]) => {
    const story = storyOf(step);
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

  it("a permission that waits can still be answered from the thread, or in Mission Control", async () => {
    const { session, issue, until } = storyOf("a permission");
    if (!canAttach) await until(isLeftToPeople);
    await world.github.as("writer").comment(issue, approve);
    if (!canAttach) {
      await until((all) => all.some((body) => body.includes(NOT_CARRIED_OUT)));
      expect(session?.permissionResponses).toEqual([]);
      return;
    }
    await until((all) => all.some((body) => body.includes("approved Copilot's request")));
    await until((all) => noticesOf(all).length === 0);
    expect(session?.permissionResponses).toMatchObject([{ approved: true }]);
  });

  it.for(TURNED_DOWN)(
    "%s that the runtime turned down then no longer waits for anybody, if the bot can see that",
    async ([name]) => {
      const { until } = storyOf(name);
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
  const { emit, first, start, until, session } = await openStory(context);
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
  expect(session?.responses).toEqual([]);
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
