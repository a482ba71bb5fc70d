import { expect, test } from "vitest";
import type { Measured } from "../../src/core/metrics/measured.ts";
import type { Delivery } from "./client.ts";
import { commented, deliver, labeled } from "./client.ts";
import { startServer } from "./started.ts";

const WRONG = { "x-hub-signature-256": `sha256=${"0".repeat(64)}` };
const CLOSED = JSON.stringify({ action: "secret-project", issue: { title: "<script>" } });

/** What's counted of a webhook. */
async function countedOf(
  settings: Parameters<typeof startServer>[0],
  ...deliveries: readonly Delivery[]
) {
  const measured: Measured[] = [];
  const measure = (one: Measured) => void measured.push(one);
  const server = await startServer(Object.assign({}, settings, { measure }));
  for (const delivery of deliveries) await deliver(server.webhooks, delivery);
  return measured.map((one) => {
    if (one.type !== "webhook") throw new TypeError("something else was measured");
    expect(one.seconds).toBeGreaterThan(0);
    return [one.event, one.result];
  });
}

const comment = (body: string) => ({ event: "issue_comment", body: commented(body) });

test("webhooks are counted by event, and by what came of them", async () => {
  expect(
    await countedOf(
      {},
      {},
      {},
      { ...comment("/triage"), deliveryId: "delivery-2" },
      { ...comment("Thanks!"), deliveryId: "delivery-3" },
      { body: labeled({ "issue.number": "seven" }), deliveryId: "delivery-4" },
    ),
  ).toEqual([
    ["issues.labeled", "queued"],
    ["issues.labeled", "duplicate"],
    ["issue_comment.created", "queued"],
    ["issue_comment.created", "ignored"],
    ["issues.labeled", "malformed"],
  ]);
});

test("an event that the bot doesn't read is counted without its name", async () => {
  expect(
    await countedOf(
      {},
      { event: "ping", body: "{}" },
      { event: "made_up", body: CLOSED },
      { event: "issues", body: CLOSED },
    ),
  ).toEqual([
    ["other", "ignored"],
    ["other", "ignored"],
    ["other", "ignored"],
  ]);
});

test("what nothing proves to be of GitHub is counted without the event that it names", async () => {
  expect(
    await countedOf(
      {},
      { headers: WRONG },
      { headers: { "x-hub-signature-256": undefined } },
      { headers: { "content-type": "text/plain" } },
      { event: "Not an event" },
      { body: "[]" },
    ),
  ).toEqual([
    ["unverified", "wrong_signature"],
    ["unverified", "wrong_signature"],
    ["unverified", "bad_request"],
    ["unverified", "bad_request"],
    ["unverified", "bad_request"],
  ]);
});

test("a webhook that can't be stored, or that meets a defect, is counted as such", async () => {
  const rejects = { insert: () => Promise.reject(new Error("disk full")) };
  expect(await countedOf(rejects, {})).toEqual([["issues.labeled", "not_stored"]]);
  // More than a number can be: what reads the webhook throws.
  const defect = { notBefore: Object.create(null) };
  expect(await countedOf(defect, {})).toEqual([["issues.labeled", "failed"]]);
});
