import { expect, test } from "vitest";
import { commented, deliver, labeled } from "./client.ts";
import { startServer } from "./started.ts";

const TOO_OLD = { status: 202, body: { result: "ignored", reason: "too_old" } };
/** The newest time in GitHub's example of a label and of a comment: an issue is from then. */
const EXAMPLE = Date.parse("2019-05-15T15:20:21Z");

test.each([
  ["a label", () => ({ event: "issues", body: labeled() })],
  ["a command", () => ({ event: "issue_comment", body: commented("/copilot triage") })],
])(
  "%s that is older than what is remembered starts nothing, whatever its delivery",
  async (_, given) => {
    const server = await startServer({ notBefore: EXAMPLE + 30_000 });
    for (const delivery of ["delivery-1", "delivery-2"]) {
      expect(await deliver(server.webhooks, { ...given(), deliveryId: delivery })).toEqual(TOO_OLD);
    }
    expect(server.rows()).toEqual([]);
  },
);

test.each([
  ["a label", () => ({ event: "issues", body: labeled() })],
  ["a command", () => ({ event: "issue_comment", body: commented("/copilot triage") })],
])("%s that is not yet forgotten starts a task", async (_, given) => {
  const server = await startServer({ notBefore: Date.parse("2019-05-15T15:20:00Z") });
  expect(await deliver(server.webhooks, given())).toMatchObject({ body: { result: "queued" } });
});

test("a new comment on an issue whose time is an old one starts a task", async () => {
  const server = await startServer({ notBefore: Date.parse("2026-08-01T00:00:00Z") });
  const body = commented("/copilot triage", { "comment.created_at": "2026-11-29T10:00:00Z" });
  const answer = await deliver(server.webhooks, { event: "issue_comment", body });
  expect(answer).toMatchObject({ body: { result: "queued" } });
});
