import { describe, expect, it, vi } from "vitest";
import type { FaultAnswer } from "../../sandbox/github/faults.ts";
import { hello, organization } from "../../sandbox/github/seed.ts";
import type { Place } from "./world.ts";
import { FOLLOWING } from "./follow/followed.ts";
import { botComments, useWorld } from "./world.ts";

vi.setConfig({ testTimeout: 120_000, maxConcurrency: 14 });

const STORIES = 28;

const world = useWorld({
  variables: { ...FOLLOWING.variables, MAX_CONCURRENT_STARTS: "20" },
  timeouts: { ...FOLLOWING.timeouts, reportAgainMs: 200, firstRetryMs: 100 },
  repositories: Array.from({ length: STORIES }, (_, index) => ({ name: `story-${index}` })),
});

const refusal = (message: string, more: object = {}) => ({ body: { message, ...more } });
const spam = (code: string) => ({ errors: [{ resource: "IssueComment", code, field: "data" }] });

/** Refusals of GitHub's that pass. */
const PASSING: readonly (readonly [string, FaultAnswer])[] = [
  ["401", { status: 401, ...refusal("Bad credentials") }],
  ["403 for the App", { status: 403, ...refusal("Resource not accessible by integration") }],
  ["403 without a known text", { status: 403, ...refusal("Sorry.") }],
  ["403 without a text", { status: 403, body: {} }],
  [
    "403 for abuse",
    {
      status: 403,
      ...refusal("You have triggered an abuse detection mechanism."),
      headers: { "retry-after": "1" },
    },
  ],
  [
    "403 for a lock that is removed",
    { status: 403, ...refusal("Unable to create comment because issue is locked.") },
  ],
  ["404 right after a change", { status: 404, ...refusal("Not Found") }],
  ["409", { status: 409, ...refusal("Conflict") }],
  ["422 of the spam kind", { status: 422, ...refusal("Validation Failed", spam("abuse")) }],
  ["422 that names spam", { status: 422, ...refusal("Your content looks like spam.") }],
  ["429", { status: 429, ...refusal("Too many requests"), headers: { "retry-after": "1" } }],
  ["500", { status: 500 }],
  ["a connection that is cut", "drop"],
  ["an answer that is lost", "perform and drop"],
];

/** Each story has a repository of its own: they run side by side, and each has its own faults. */
const placeOf = (index: number) => ({ owner: organization, repo: `story-${index}` });
const inPlace = ({ repo }: { readonly repo: string }, rest: string) =>
  new RegExp(`^/repos/${organization}/${repo}${rest}$`, "u");

const CREATE_REST = String.raw`/issues/\d+/comments`;
const EDIT_REST = String.raw`/issues/comments/\d+`;
const CREATE = { method: "POST", path: inPlace(hello, CREATE_REST) };
const EDIT = { method: "PATCH", path: inPlace(hello, EDIT_REST) };

async function label(place: Pick<Place, "owner" | "repo"> = hello) {
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(place, { title: "Please triage", body: "" });
  const log = world.log.length;
  await octocat.label(issue, "copilot:triage");
  return { issue, lines: () => world.log.slice(log) };
}

function sessionsIn({ owner, repo }: Pick<Place, "owner" | "repo">) {
  return world.missionControl.tasks.filter(({ repository }) => repository === `${owner}/${repo}`);
}

describe.concurrent("a task whose comment GitHub refuses twice, and each edit once", () => {
  it.for(PASSING.map((passing, index) => [...passing, placeOf(index)] as const))(
    "with %s, ends in one comment that says how it ended",
    async ([_what, answer, place]) => {
      const create = { ...CREATE, path: inPlace(place, CREATE_REST) };
      world.github.failNext(create, answer, answer === "perform and drop" ? 1 : 2);
      world.github.failNext({ ...EDIT, path: inPlace(place, EDIT_REST) }, answer);
      const { issue } = await label(place);
      const [link = ""] = await botComments(world, issue, (body) =>
        body.includes("[Open session]"),
      );
      world.missionControl.emit(sessionsIn(place)[0]?.id ?? "", "session.task_complete", {
        summary: "All is well.",
      });
      const all = await botComments(world, issue, (body) => body.includes("All is well."));
      expect(all).toHaveLength(1);
      expect(link.split("\n")[0]).toBe(all[0]?.split("\n")[0]);
      const id = /copilot-task:(?<id>[-0-9a-f]+)/u.exec(link)?.groups?.["id"] ?? "";
      const lines = () => world.log.filter((line) => line.includes(id));
      await vi.waitUntil(() => lines().some((line) => line.includes("task settled")), 60_000);
      // Once for the comment, and once for the edit: not each time.
      const refused = lines().filter((line) => line.includes("GitHub refused a request"));
      expect(refused.length).toBeLessThanOrEqual(2);
    },
  );
});

describe.concurrent("a task whose repository or requester GitHub doesn't show at first", () => {
  const READS = [
    [
      "the requester's role",
      ({ repo }: Pick<Place, "repo">) => ({
        method: "GET",
        path: inPlace({ repo }, ".*/permission"),
      }),
    ],
    [
      "the subject",
      ({ repo }: Pick<Place, "repo">) => ({
        method: "POST",
        path: "/graphql",
        body: new RegExp(`"${repo}"`, "u"),
      }),
    ],
  ] as const;
  // For a person that the bot can't see, GitHub responds with 404 too.
  const answers = PASSING.filter(([what]) => !/for the App|lock|404|spam|lost|409/u.test(what));
  const stories = READS.flatMap(([what, match], read) =>
    answers.map(([how, answer], index) => {
      const place = placeOf(PASSING.length + read * answers.length + index);
      return [what, how, match, answer, place] as const;
    }),
  );

  it.for(stories)("%s: %s, starts when it does", async ([_what, _how, match, answer, place]) => {
    world.github.failNext(match(place), answer, 2);
    const { issue } = await label(place);
    expect(await botComments(world, issue)).toHaveLength(1);
    expect(sessionsIn(place)).toHaveLength(1);
  });
});

describe("while GitHub refuses comments", () => {
  it("/readyz keeps its status and shows the reason, as doctors do, and the log has it once", async () => {
    const words = "Sorry, \u001B[31mnot @octocat.";
    world.github.failNext(CREATE, { status: 403, ...refusal(words) }, 4);
    const { issue, lines } = await label();
    const refused = () => lines().filter((line) => line.includes("GitHub refused a request"));
    await vi.waitUntil(() => refused().length > 0, 30_000);
    const ready = await fetch(`${world.app.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({
      ready: true,
      undelivered: { count: 1, since: expect.stringMatching(/^\d{4}-/u), reason: "forbidden" },
    });
    await botComments(world, issue);
    expect(refused()).toHaveLength(1);
    const { trouble, message } = JSON.parse(refused()[0] ?? "{}");
    expect({ trouble, message }).toEqual({
      trouble: "forbidden",
      message: "Sorry, not @octocat.",
    });
    const delivered = '"undelivered":{"count":0,"since":null,"reason":null}';
    const now = async () => await (await fetch(`${world.app.url}/readyz`)).text();
    await vi.waitUntil(async () => (await now()).includes(delivered), 30_000);
  });

  it("`/copilot doctor` shows those of its repository", async () => {
    const { issue } = await label();
    await botComments(world, issue);
    world.github.failNext(EDIT, { status: 403, ...refusal("Sorry.") }, 1_000);
    const { id = "" } = world.missionControl.tasks.at(-1) ?? {};
    world.missionControl.emit(id, "session.task_complete", { summary: "All is well." });
    const waiting = async () => await (await fetch(`${world.app.url}/readyz`)).text();
    await vi.waitUntil(async () => (await waiting()).includes('"undelivered":{"count":1'), 30_000);
    await world.github.as("octocat").comment(issue, "/copilot doctor");
    const found = await botComments(world, issue, (body) => body.includes("Copilot health check"));
    expect(found.join("\n")).toMatch(
      /⚠️ \*\*undelivered comments:\*\* 1, the oldest for 0 min \(`forbidden`\)\. GitHub responded: `Sorry\.`/u,
    );
    world.github.forgetFaults();
    await botComments(world, issue, (body) => body.includes("All is well."));
  });
});

describe("an IP allow list without the bot's address", () => {
  it("keeps tasks waiting, is named, and clears when the list does", async () => {
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
    world.github.network.ipIsBlocked = true;
    const log = world.log.length;
    await octocat.label(issue, "copilot:triage");
    const named = () => world.log.slice(log).find((line) => line.includes('"ip_not_allowed"'));
    await vi.waitUntil(() => named() !== undefined, 30_000);
    expect(named()).toContain("has an IP allow list enabled");
    const ready = await (await fetch(`${world.app.url}/readyz`)).json();
    expect(ready).toMatchObject({ undelivered: { count: 1, reason: "ip_not_allowed" } });
    world.github.network.ipIsBlocked = false;
    expect(await botComments(world, issue)).toHaveLength(1);
  });
});

describe("an installation token that GitHub no longer accepts", () => {
  it("is replaced, and the task continues", async () => {
    // With a token that GitHub has accepted.
    expect(await botComments(world, (await label()).issue)).toHaveLength(1);
    const before = world.github.requests.length;
    world.github.revokeTokens();
    const { issue, lines } = await label();
    expect(await botComments(world, issue)).toHaveLength(1);
    const statuses = world.github.requests.slice(before).map(({ status }) => status);
    expect(statuses).toContain(401);
    expect(lines().filter((line) => line.includes("GitHub refused a request"))).toEqual([]);
  });
});
