import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCommand } from "../../../src/core/command/parse.ts";
import type { Webhook } from "../../../src/core/webhook/read-webhook.ts";
import { readWebhook } from "../../../src/core/webhook/read-webhook.ts";
import type { Trigger } from "../../../src/core/webhook/trigger.ts";
import { changed, EXAMPLES, payloadOf } from "../payloads.ts";
import { runs } from "../../runs.ts";

const APP = { appId: 4_711, slug: "copilot-task-bot", parseCommand };
const OURS = [
  payloadOf("issues.labeled", { "label.name": "copilot:triage" }),
  payloadOf("pull_request.labeled", { "label.name": "copilot:triage" }),
  payloadOf("issue_comment.created", { "comment.body": "/triage" }),
  payloadOf("pull_request_review.submitted", { "review.body": "/triage" }),
  payloadOf("pull_request_review_comment.created", { "comment.body": "/triage" }),
];
const NAMES = [...new Set(EXAMPLES.map(({ name }) => name))];

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
});

/** All paths of a payload, down to its leaves: a path of any length is one that can be changed. */
function pathsOf(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [[]];
  const below = Object.entries(value).flatMap(([key, field]) =>
    pathsOf(field).map((path) => [key].concat(path)),
  );
  return [[], ...below];
}

/** The fields that the bot reads. */
const READ =
  /^(?:repository|sender|installation|label|issue|pull_request|comment|review)(?:\.(?:id|name|type|number|updated_at|body|owner|(?:owner\.)?login))?$/u;

const CHANGEABLE = OURS.map((payload) => {
  const all = pathsOf(payload);
  return { payload, all, read: all.filter((path) => READ.test(path.join("."))) };
});

const mutated = fc.constantFrom(...CHANGEABLE).chain(({ payload, all, read }) => {
  const path = fc.oneof(fc.constantFrom(...all), fc.constantFrom(...read));
  return fc
    .array(fc.tuple(path, anything), { minLength: 1, maxLength: 3 })
    .map((changes) =>
      changes.reduce<unknown>((at, [to, value]) => changed(at, to, value), payload),
    );
});

/** A trigger with all that a task needs, an event, or a reason with nothing of the payload in it. */
function expectMeaning(webhook: Webhook): void {
  switch (webhook.type) {
    case "trigger":
      return expectComplete(webhook);
    case "subject_event":
    case "installation_event":
      return expect(webhook).toEqual(
        expect.objectContaining({ deliveryId: "delivery-1", change: expect.anything() }),
      );
    case "authorization_revoked":
      return expect(Number.isSafeInteger(webhook.userId)).toBe(true);
    case "ignored":
      expect(["other_event", "other_label", "no_command", "bot", "nobody", "malformed"]).toContain(
        webhook.reason,
      );
      if (webhook.reason === "malformed") expect(webhook.invalidFields).not.toBe("");
      return undefined;
    case "undecided":
      throw new TypeError("the slug is known");
    default:
      return webhook satisfies never;
  }
}

function expectComplete(answer: Trigger): void {
  // Logins that an import has made may have dots; `.` and `..` would be other paths.
  expect(answer.requester.login).toMatch(/^(?!\.{1,2}$)[\w.-]+(?:\[bot\])?$/u);
  expect(`${answer.place.owner}/${answer.place.repository}`).toMatch(
    /^(?!\.{1,2}\/)[\w.-]+(?:\[bot\])?\/[\w.-]+$/u,
  );
  for (const id of [answer.place.repositoryId, answer.requester.id, answer.subject.number]) {
    expect(Number.isSafeInteger(id) && id > 0).toBe(true);
  }
  expect(["label", "command"]).toContain(answer.trigger.type);
}

describe("one of the four meanings", () => {
  test("comes from any payload of any event", () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...NAMES), fc.string()), anything, (name, payload) => {
        expectMeaning(readWebhook({ name, deliveryId: "delivery-1", payload }, APP));
      }),
      { numRuns: runs(300) },
    );
  });

  test("comes from any action and anything else", () => {
    const actions = fc.constantFrom("labeled", "created", "submitted");
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), actions, fc.object(), (name, action, rest) => {
        const payload = { ...rest, action };
        expectMeaning(readWebhook({ name, deliveryId: "delivery-1", payload }, APP));
      }),
    );
  });

  test("comes from real payloads in which anything has become something else", () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), mutated, (name, payload) => {
        for (const event of [name, "issues", "pull_request", "issue_comment"]) {
          const answer = readWebhook({ name: event, deliveryId: "delivery-1", payload }, APP);
          expectMeaning(answer);
        }
      }),
      { numRuns: runs(300) },
    );
  });

  test("comes from real payloads with any words in them", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (body, name) => {
        const payload = payloadOf("issue_comment.created", { "comment.body": `${body}\n/triage` });
        const label = payloadOf("issues.labeled", { "label.name": name });
        for (const [event, it] of [
          ["issue_comment", payload],
          ["issues", label],
        ] as const) {
          const answer = readWebhook({ name: event, deliveryId: "delivery-1", payload: it }, APP);
          expectMeaning(answer);
        }
      }),
    );
  });
});
