import { expect, test } from "vitest";
import { createPagePolicies } from "../../src/runner/receive/page-policies.ts";
import { taskWith } from "../core/task.ts";

type Text = () => Promise<string | null>;

/** Policies by what GitHub says of the repository's file; the organization has none. */
function opened(text: Text, waitMs = 10_000) {
  const [asked, warned]: [string[], unknown[]] = [[], []];
  const clock = { now: 0 };
  const policies = createPagePolicies({
    github: {
      text(task, of, path) {
        asked.push(`${task.place.repositoryId} ${of} ${path}`);
        return of === "repository" ? text() : Promise.resolve(null);
      },
    },
    now: () => new Date(clock.now),
    log: { warn: (fields) => warned.push(fields) },
    waitMs,
  });
  return { policies, asked, warned, clock };
}

const steeringOf = async ({ policies }: ReturnType<typeof opened>) => {
  const read = await policies.policyFor(taskWith());
  return read.type === "policy" ? read.policy.steering : read.type;
};

test("the policy is what both files say, and is asked for once in a minute", async () => {
  let text = "steering: writers";
  const world = opened(() => Promise.resolve(text));
  expect(await Promise.all([steeringOf(world), steeringOf(world)])).toEqual(["writers", "writers"]);
  text = "";
  world.clock.now = 59_999;
  expect(await steeringOf(world)).toBe("writers");
  expect(world.asked).toEqual([
    "1296269 organization .github/copilot-tasks.yml",
    "1296269 repository .github/copilot-tasks.yml",
  ]);
  world.clock.now = 60_000;
  expect(await steeringOf(world)).toBe("owner");
});

test("each repository has its own", async () => {
  const { policies, asked } = opened(() => Promise.resolve(null));
  await policies.policyFor(taskWith());
  await policies.policyFor(taskWith({ place: { repositoryId: 2 } }));
  expect(asked.length).toBe(4);
});

test("a wrong file is told from none", async () => {
  expect(await steeringOf(opened(() => Promise.resolve(null)))).toBe("owner");
  expect(await steeringOf(opened(() => Promise.resolve("steering: everybody")))).toBe("problems");
});

test("while GitHub doesn't say it, it's unknown, and GitHub isn't asked again and again", async () => {
  const world = opened(() => Promise.reject(new Error("503")));
  expect([await steeringOf(world), await steeringOf(world)]).toEqual(["unknown", "unknown"]);
  expect(world.asked.length).toBe(2);
  expect(world.warned.length).toBe(1);
});

test("a page doesn't wait for a slow GitHub, and the next one has its answer", async () => {
  const answer = Promise.withResolvers<string>();
  const world = opened(() => answer.promise, 1);
  expect(await steeringOf(world)).toBe("unknown");
  answer.resolve("steering: writers");
  await answer.promise;
  await expect.poll(() => steeringOf(world)).toBe("writers");
});
