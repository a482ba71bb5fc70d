import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readWebhook, WEBHOOK_EVENTS } from "../../../src/core/webhook/read-webhook.ts";
import { EXAMPLES, payloadOf } from "../payloads.ts";
import { runs } from "../../runs.ts";

const DELIVERY = { deliveryId: "delivery-1" };

const EVENTS: readonly string[] = [
  "issues.closed",
  "issues.deleted",
  "issues.unlabeled",
  "pull_request.closed",
  "pull_request.opened",
  "pull_request.unlabeled",
  "delete",
];
const IGNORED = { type: "ignored", reason: "other_event" };

type Changes = Readonly<Record<string, unknown>>;

/** GitHub's example of an event; where there is none, that of the event that differs the least. */
function exampleOf(event: string, changes: Changes): unknown {
  switch (event) {
    case "issues.closed":
      return payloadOf("issues.reopened", { action: "closed", ...changes });
    case "delete":
      // The examples are of tags; they have no action.
      return payloadOf("delete.undefined", { ref: "feature/x", ref_type: "branch", ...changes });
    default:
      return payloadOf(event, changes);
  }
}

function readEvent({ name, payload }: { name: string; payload: unknown }) {
  return readWebhook(
    { ...DELIVERY, name, payload },
    { appId: 4_711, slug: "copilot-task-bot", parseCommand: () => null },
  );
}

function read(event: string, changes: Changes = {}) {
  const [name = ""] = event.split(".");
  return readEvent({ name, payload: exampleOf(event, changes) });
}

const CODERTOCAT = {
  type: "subject_event",
  ...DELIVERY,
  repositoryId: 186_853_002,
  by: "Codertocat",
};

describe("of GitHub's own examples", () => {
  test.each([
    ["issues.closed", { type: "subject_closed", subjectNumber: 1, at: "2021-10-11T16:40:56.000Z" }],
    [
      "issues.deleted",
      { type: "subject_deleted", subjectNumber: 1, at: "2021-10-11T16:40:56.000Z" },
    ],
    [
      "pull_request.closed",
      { type: "subject_closed", subjectNumber: 2, at: "2019-05-15T15:21:18.000Z" },
    ],
    [
      "issues.unlabeled",
      { type: "label_removed", subjectNumber: 1, label: "bug", at: "2019-05-15T15:20:26.000Z" },
    ],
    [
      "pull_request.unlabeled",
      { type: "label_removed", subjectNumber: 2, label: "bug", at: "2019-05-15T15:20:36.000Z" },
    ],
    ["delete", { type: "branch_deleted", branch: "feature/x" }],
    [
      "pull_request.opened",
      {
        type: "pull_request_opened",
        branch: "changes",
        url: "https://github.com/Codertocat/Hello-World/pull/2",
      },
    ],
  ])("%s is read", (event, change) => {
    expect(read(event)).toEqual({ ...CODERTOCAT, change });
  });

  test("no other event is one of a subject", () => {
    for (const { name, action, payload } of EXAMPLES) {
      if (EVENTS.includes(`${name}.${action}`)) continue;
      expect(readEvent({ name, payload }).type).not.toBe("subject_event");
    }
  });
});

describe("what ends nothing is ignored", () => {
  test.each<[what: string, event: string, changes: Changes]>([
    ["a label that the bot removes", "issues.unlabeled", { "sender.type": "Bot" }],
    ["a pull request's label, by a bot", "pull_request.unlabeled", { "sender.type": "Bot" }],
    ["a label that was deleted meanwhile", "issues.unlabeled", { label: undefined }],
    ["a pull request's label that is gone", "pull_request.unlabeled", { label: null }],
    ["a tag that is deleted", "delete", { ref_type: "tag" }],
    ["a ref of another kind that is deleted", "delete", { ref_type: "repository" }],
    ["a deletion with an action", "delete", { action: "deleted" }],
    ["a pull request from a fork", "pull_request.opened", { "pull_request.head.repo.id": 5 }],
    ["one from a fork that is gone", "pull_request.opened", { "pull_request.head.repo": null }],
    ["an issue that is opened", "issues.reopened", {}],
    ["an event of another name", "issues.closed", { action: "locked" }],
    ["an event without its action", "issues.closed", { action: undefined }],
    ["an action that is no text", "issues.closed", { action: 1 }],
  ])("%s", (_what, event, changes) => {
    expect(read(event, changes)).toEqual(IGNORED);
  });

  test.each([null, undefined, 1, "x", [], {}])("an event with the payload %j", (payload) => {
    expect(readEvent({ name: "issues", payload })).toEqual(IGNORED);
  });

  test.each(["constructor", "__proto__", "toString", ""])("an event named %j", (name) => {
    expect(readEvent({ name, payload: exampleOf("delete", {}) })).toEqual(IGNORED);
  });
});

test("what a bot closes, deletes, and opens is read like anybody's", () => {
  const bot = { "sender.type": "Bot", "sender.login": "copilot-swe-agent[bot]" };
  for (const event of ["issues.closed", "pull_request.closed", "delete", "pull_request.opened"]) {
    expect(read(event, bot)).toMatchObject({ by: "copilot-swe-agent[bot]" });
  }
});

describe("what is not as GitHub sends it is named, without its value", () => {
  const SECRET = "'; drop table tasks; --";
  test.each<[event: string, changes: Changes, wrong: string]>([
    ["issues.closed", { "issue.number": SECRET }, "issue.number"],
    ["issues.closed", { "issue.number": 0 }, "issue.number"],
    ["issues.closed", { "issue.number": 1.5 }, "issue.number"],
    ["issues.closed", { issue: undefined }, "issue"],
    ["issues.closed", { "issue.updated_at": SECRET }, "issue.updated_at"],
    ["pull_request.closed", { "pull_request.updated_at": 5 }, "pull_request.updated_at"],
    ["issues.closed", { "sender.login": SECRET }, "sender.login"],
    ["issues.closed", { sender: undefined, repository: null }, "repository, sender"],
    ["pull_request.closed", { "repository.id": -1 }, "repository.id"],
    ["pull_request.closed", { "pull_request.number": null }, "pull_request.number"],
    ["issues.unlabeled", { "label.name": 5 }, "label.name"],
    ["issues.unlabeled", { "label.name": "x".repeat(201) }, "label.name"],
    ["pull_request.unlabeled", { label: SECRET }, "label"],
    ["pull_request.unlabeled", { "sender.type": undefined }, "sender.type"],
    ["delete", { ref: undefined }, "ref"],
    ["delete", { ref_type: 1 }, "ref_type"],
    ["pull_request.opened", { "pull_request.html_url": SECRET }, "pull_request.html_url"],
    [
      "pull_request.opened",
      { "pull_request.html_url": `https://github.com/${"a".repeat(500)}` },
      "pull_request.html_url",
    ],
    ["pull_request.opened", { "pull_request.head.ref": 1 }, "pull_request.head.ref"],
    ["pull_request.opened", { "pull_request.head.repo.id": "5" }, "pull_request.head.repo.id"],
  ])("%s %o", (event, changes, invalidFields) => {
    const malformed = { type: "ignored", reason: "malformed", invalidFields };
    expect(read(event, changes)).toEqual(malformed);
  });
});

test("any payload is a subject event or ignored, and none throws", () => {
  const value = fc.oneof(
    fc.anything(),
    fc.constantFrom<unknown>(1, "main", "branch", "tag", "Bot", null, "https://github.com/a/b"),
  );
  const path = fc.constantFrom(
    "action",
    "repository",
    "repository.id",
    "sender",
    "sender.login",
    "sender.type",
    "issue",
    "issue.number",
    "issue.updated_at",
    "pull_request",
    "pull_request.number",
    "pull_request.html_url",
    "pull_request.head",
    "pull_request.head.ref",
    "pull_request.head.repo",
    "label",
    "label.name",
    "ref",
    "ref_type",
  );
  const changes = fc.dictionary(path, value, { maxKeys: 4 });
  const anyEvent = fc.record({ event: fc.constantFrom(...EVENTS), changes, other: value });
  fc.assert(
    fc.property(anyEvent, ({ event, changes: some, other }) => {
      const [name = "", action] = event.split(".");
      const bare = { ...Object(other), action };
      for (const payload of [exampleOf(event, some), other, bare]) {
        const webhook = readEvent({ name, payload });
        if (webhook.type === "subject_event") expect(webhook).toEqual(WELL_FORMED);
        else expect(webhook.type).toBe("ignored");
      }
    }),
    { numRuns: runs(1_000) },
  );
});

const WELL_FORMED = {
  type: "subject_event",
  ...DELIVERY,
  repositoryId: expect.any(Number),
  by: expect.stringMatching(/^(?!\.{1,2}$)[\w.-]+(?:\[bot\])?$/u),
  change: expect.objectContaining({
    type: expect.stringMatching(
      /^(?:subject_(?:closed|deleted)|label_removed|branch_deleted|pull_request_opened)$/u,
    ),
  }),
};

test("all of these are events that the bot reads", () => {
  expect(WEBHOOK_EVENTS).toEqual(expect.arrayContaining([...EVENTS]));
});
