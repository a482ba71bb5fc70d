import { describe, expect, test } from "vitest";
import { planRound } from "../../src/core/webhook/redelivery.ts";
import { attempt } from "./answers.ts";
import { useGitHub } from "./prepared.ts";

const github = useGitHub();

const FIRST_PAGE = "GET /app/hook/deliveries?per_page=100";
const SECOND_PAGE = `${FIRST_PAGE}&cursor=v1_40` as const;
const next = `<${SECOND_PAGE.replace("GET ", "https://api.github.com")}>; rel="next"`;

function delivered(changes: Parameters<typeof attempt>[0]) {
  return attempt({ delivered_at: "2026-11-21T12:00:00Z", ...changes });
}

/** Attempts whose minute is their id. */
function attempts(...ids: number[]) {
  return ids.map((id) => attempt({ id, delivered_at: `2026-11-21T12:${id}:00Z` }));
}

describe("the attempts to deliver webhooks", () => {
  test("are returned with what they were about and whether they were answered with 2xx", async () => {
    const connection = await github.connect();
    const guid = "0b989ba4-242f-11e5-81e1-c7b6966d2516";
    const at = "2026-11-21T12:00:00Z";
    github.answers(FIRST_PAGE, [
      delivered({ id: 44, guid, event: "issues", action: "labeled", status_code: 202 }),
      delivered({ id: 43, guid, event: "issues", action: "labeled", status_code: 502 }),
      delivered({ id: 42, guid, event: "push", action: null, status_code: 0 }),
      delivered({ id: 41, guid, event: "issue_comment", action: "created", status_code: 302 }),
    ]);

    expect(await connection.deliveries.attemptsSince("")).toEqual([
      { id: "44", deliveryId: guid, at, event: "issues.labeled", succeeded: true },
      { id: "43", deliveryId: guid, at, event: "issues.labeled", succeeded: false },
      { id: "42", deliveryId: guid, at, event: "push", succeeded: false },
      { id: "41", deliveryId: guid, at, event: "issue_comment.created", succeeded: false },
    ]);
  });

  test("are requested as the App, page by page until all are there", async () => {
    const connection = await github.connect();
    github.answers(FIRST_PAGE, attempts(44, 43), { headers: { link: next } });
    github.answers(SECOND_PAGE, attempts(40, 39));

    const all = await connection.deliveries.attemptsSince("");
    expect(all.map(({ id }) => id)).toEqual(["44", "43", "40", "39"]);
    for (const { authorization } of github.received) {
      expect(authorization).toMatch(/^bearer \S+\.\S+\.\S+$/u);
    }
  });

  test("are requested no further than needed", async () => {
    const connection = await github.connect();
    github.answers(FIRST_PAGE, attempts(44, 43, 42), { headers: { link: next } });

    const late = await connection.deliveries.attemptsSince("2026-11-21T12:43:00Z");
    expect(late.map(({ id }) => id)).toEqual(["44", "43"]);
  });
});

test("a delivery is redelivered by the id of its attempt", async () => {
  const connection = await github.connect();
  github.answers("POST /app/hook/deliveries/43/attempts", {}, { status: 202 });

  expect(await connection.deliveries.repeat("43")).toBe(true);
});

test.each([
  [404, "Not Found"],
  [410, "Gone"],
  [422, "This delivery cannot be redelivered"],
])("a delivery that GitHub can't repeat (%i) is no error", async (status, message) => {
  const connection = await github.connect();
  github.refuses("POST /app/hook/deliveries/43/attempts", status, { message });

  expect(await connection.deliveries.repeat("43")).toBe(false);
});

test("a refusal of every request of the App's is an error", async () => {
  const connection = await github.connect();
  const message = "A JSON web token could not be decoded";
  github.refuses("POST /app/hook/deliveries/43/attempts", 401, { message });

  await expect(connection.deliveries.repeat("43")).rejects.toThrow(message);
});

// https://github.com/octokit/request.js/issues/797: since February 2026 github.com has ids of 19 digits,
// which Octokit gives as bigint whatever its types say.
test("a delivery with an id beyond 2^53 is redelivered as well", async () => {
  const connection = await github.connect();
  const id = 1_152_921_504_606_847_000;
  github.answers(FIRST_PAGE, [
    delivered({ id, event: "issues", action: "labeled", status_code: 502 }),
  ]);
  github.answers(`POST /app/hook/deliveries/${id}/attempts`, {}, { status: 202 });

  const missed = await connection.deliveries.attemptsSince("");
  const bot = { known: new Set<string>(), events: ["issues.labeled"], most: 100 };
  const { repeat } = planRound(missed, { cursor: "", asked: [] }, bot);
  expect(repeat).toEqual([String(id)]);
  for (const due of repeat) await connection.deliveries.repeat(due);
});
