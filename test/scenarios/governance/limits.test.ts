import { describe, expect, it } from "vitest";
import { useWorld } from "../world.ts";
import {
  answerIn,
  answerTo,
  askedAbout,
  LINK,
  newIssue,
  ONE_SESSION,
  withPolicy,
} from "./story.ts";

const names = [
  "first",
  "person-hour",
  "person-day",
  "all-hour",
  "all-day",
  "here-hour",
  "here-day",
];
const world = useWorld({
  repositories: [...names, "refused"].map((name) => ({ name })),
  variables: { FOLLOW_MINUTES: "5" },
});

const HOUR_MS = 3_600_000;

/** How long after the creation of the first session in a repository the next may start, in minutes. */
function minutesUntilNext(comment: string, repo: string): number {
  const [, day = "", time = ""] =
    /The next task can start after (\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC\./u.exec(comment) ?? [];
  const created = world.missionControl.tasks.find(
    ({ repository }) => repository === `octo-org/${repo}`,
  )?.createdAt;
  return (Date.parse(`${day}T${time}Z`) - Date.parse(created ?? "")) / 60_000;
}

describe("a limit", () => {
  it("of a person counts in all repositories, for an hour or a day", async () => {
    expect(await answerIn(world, "writer", "first", "copilot:triage")).toContain(LINK);
    await withPolicy(world, "person-hour", "limits: { requester: { hour: 1, day: 5 } }");
    await withPolicy(world, "person-day", "limits: { requester: { hour: 5, day: 1 } }");
    const hour = await answerIn(world, "writer", "person-hour", "copilot:triage");
    expect(hour).toContain(
      "You've reached the limit of 1 task per hour. Maintainers can change this: `limits.requester.hour` in [this repository's policy file](",
    );
    // Shown in whole minutes, rounded up.
    expect(minutesUntilNext(hour, "first")).toBeGreaterThan(59.5);
    expect(minutesUntilNext(hour, "first")).toBeLessThan(61);
    const day = await answerIn(world, "writer", "person-day", "/copilot fix");
    expect(day).toContain(
      "You've reached the limit of 1 task per day. Maintainers can change this: `limits.requester.day` in [this repository's policy file](",
    );
    expect(minutesUntilNext(day, "first")).toBeGreaterThan(24 * 60 - 0.5);
    expect(minutesUntilNext(day, "first")).toBeLessThan(24 * 60 + 1);
    expect(askedAbout(world, "person-hour")).toEqual([]);
    // Each person has their own hour.
    expect(await answerIn(world, "octocat", "person-hour", "copilot:triage")).toContain(LINK);
  });

  it("of the organization counts everybody's tasks in all repositories", async () => {
    await withPolicy(world, "all-hour", "limits: { organization: { hour: 2 } }");
    await withPolicy(world, "all-day", "limits: { organization: { hour: 50, day: 2 } }");
    expect(await answerIn(world, "octocat", "all-hour", "copilot:triage")).toContain(
      "This organization has reached the limit of 2 tasks per hour. Maintainers can change this: `limits.organization.hour` in [this repository's policy file](",
    );
    expect(await answerIn(world, "octocat", "all-day", "copilot:triage")).toContain(
      "This organization has reached the limit of 2 tasks per day. Maintainers can change this: `limits.organization.day` in [this repository's policy file](",
    );
    expect([...askedAbout(world, "all-hour"), ...askedAbout(world, "all-day")]).toEqual([]);
  });

  it("of the repository counts its own tasks alone", async () => {
    await withPolicy(world, "here-hour", "limits: { repository: { hour: 1 } }");
    await withPolicy(world, "here-day", "limits: { repository: { day: 1 } }");
    const firsts = ["here-hour", "here-day"].map((repo) =>
      answerIn(world, "writer", repo, "copilot:triage"),
    );
    expect(await Promise.all(firsts)).toEqual([
      expect.stringContaining(LINK),
      expect.stringContaining(LINK),
    ]);
    const hour = await answerIn(world, "octocat", "here-hour", "copilot:triage");
    expect(hour).toContain(
      "This repository has reached the limit of 1 task per hour. Maintainers can change this: `limits.repository.hour` in [this repository's policy file](",
    );
    expect(minutesUntilNext(hour, "here-hour")).toBeLessThan(61);
    const day = await answerIn(world, "octocat", "here-day", "/copilot triage");
    expect(day).toContain(
      "This repository has reached the limit of 1 task per day. Maintainers can change this: `limits.repository.day` in [this repository's policy file](",
    );
    expect(minutesUntilNext(day, "here-day")).toBeGreaterThan((23 * HOUR_MS) / 60_000);
    expect([askedAbout(world, "here-hour"), askedAbout(world, "here-day")]).toEqual([
      ONE_SESSION,
      ONE_SESSION,
    ]);
  });

  it("does not count what Mission Control refused to start", async () => {
    await withPolicy(world, "refused", "limits: { repository: { hour: 1 } }");
    const body = { message: "blocked by org policy", reason: "policy_blocked" };
    world.missionControl.behaveOnce({ create: { status: 403, body } }, "octo-org/refused");
    const issue = await newIssue(world, "refused");
    expect(await answerTo(world, "writer", issue, "/copilot triage")).toContain("`policy_blocked`");
    expect(await answerTo(world, "writer", issue, "/copilot triage")).toContain(LINK);
  });
});
