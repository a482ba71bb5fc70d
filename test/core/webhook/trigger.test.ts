import { describe, expect, test } from "vitest";
import { parseCommand } from "../../../src/core/command/parse.ts";
import { holdOf } from "../../../src/core/task/label-hold.ts";
import { readWebhook } from "../../../src/core/webhook/read-webhook.ts";
import { EXAMPLES, INSTALLATION, payloadOf } from "../payloads.ts";

const APP = { appId: 4_711, slug: "copilot-task-bot", parseCommand };
const LABEL = { "label.name": "copilot:triage" };

function derive(event: string, changes: Readonly<Record<string, unknown>> = {}) {
  const [name = ""] = event.split(".");
  const payload = payloadOf(event, changes);
  return readWebhook({ name, deliveryId: "delivery-1", payload }, APP);
}

const REQUESTER = { login: "Codertocat", id: 21_031_067 };
const PLACE = {
  installationId: INSTALLATION.id,
  repositoryId: 186_853_002,
  ownerId: 21_031_067,
  owner: "Codertocat",
  ownerType: "User",
  repository: "Hello-World",
};
const requested = { type: "trigger", requester: REQUESTER, place: PLACE };

describe("a label", () => {
  test("on an issue asks for its task", () => {
    expect(derive("issues.labeled", LABEL)).toEqual({
      ...requested,
      trigger: {
        type: "label",
        name: "copilot:triage",
        deliveryId: "delivery-1",
        eventKey: "label:186853002:1:copilot:triage:2019-05-15T15:20:18Z",
        at: "2019-05-15T15:20:18.000Z",
      },
      subject: { type: "issue", number: 1 },
    });
  });

  test("on a pull request asks for its task", () => {
    expect(derive("pull_request.labeled", LABEL)).toEqual({
      ...requested,
      trigger: {
        type: "label",
        name: "copilot:triage",
        deliveryId: "delivery-1",
        eventKey: "label:186853002:2:copilot:triage:2019-05-15T15:20:35Z",
        at: "2019-05-15T15:20:35.000Z",
      },
      subject: { type: "pull_request", number: 2 },
    });
  });

  test("on an issue that is a pull request is on a pull request", () => {
    const changes = { ...LABEL, "issue.pull_request": { url: "https://api.github.com/" } };
    expect(derive("issues.labeled", changes)).toMatchObject({
      subject: { type: "pull_request" },
    });
  });

  test("that is re-added later is another event on the same subject", () => {
    const first = derive("issues.labeled", LABEL);
    const second = derive("issues.labeled", {
      ...LABEL,
      "issue.updated_at": "2019-05-15T15:21:00Z",
    });
    if (first.type !== "trigger" || second.type !== "trigger") throw new TypeError("no triggers");
    expect(second.trigger.eventKey).not.toBe(first.trigger.eventKey);
    expect(holdOf(second)).toBe(holdOf(first));
  });

  test.each([
    ["another one", "bug"],
    ["one that begins alike", "copilot-triage"],
    ["one that ends alike", "not copilot:triage"],
    ["one without a name", ""],
  ])("is ignored: %s", (_which, name) => {
    const ignored = { type: "ignored", reason: "other_label" };
    expect(derive("issues.labeled", { "label.name": name })).toEqual(ignored);
    expect(derive("pull_request.labeled", { "label.name": name })).toEqual(ignored);
  });

  test.each([
    ["that only the policy can know", "copilot:look-into"],
    ["in capitals, which GitHub treats as the same", "Copilot:Triage"],
  ])("is a trigger: one %s", (_which, name) => {
    const trigger = derive("issues.labeled", { "label.name": name });
    expect(trigger).toMatchObject({ type: "trigger", trigger: { type: "label", name } });
    if (trigger.type !== "trigger") return;
    expect(holdOf(trigger)).toBe(`label:186853002:1:${name.toLowerCase()}`);
  });

  test("is ignored when the webhook does not say which", () => {
    expect(derive("issues.labeled", { label: undefined })).toMatchObject({ type: "ignored" });
  });

  test.each(["issues.unlabeled", "pull_request.unlabeled"])("that is removed: %s", (event) => {
    const change = { type: "label_removed", label: "copilot:triage" };
    expect(derive(event, LABEL)).toMatchObject({ type: "subject_event", change });
  });
});

describe("a command", () => {
  const COMMAND = {
    type: "command",
    name: "triage",
    deliveryId: "delivery-1",
    instructions: "look at the cache",
    misplaced: null,
    viaApp: null,
  };

  test("in a comment on an issue starts its task", () => {
    const changes = { "comment.body": "Hi!\n\n/triage look at the cache" };
    expect(derive("issue_comment.created", changes)).toEqual({
      ...requested,
      trigger: {
        ...COMMAND,
        at: "2019-05-15T15:20:21.000Z",
        eventKey: "issue_comment:186853002:492700400",
        place: "issue_comment",
        commentId: 492_700_400,
      },
      subject: { type: "issue", number: 1 },
    });
  });

  test("in a comment on a pull request starts its task", () => {
    const changes = {
      "comment.body": "/copilot triage look at the cache",
      "issue.pull_request": { url: "https://api.github.com/" },
      "issue.number": 2,
    };
    expect(derive("issue_comment.created", changes)).toEqual({
      ...requested,
      trigger: {
        ...COMMAND,
        at: "2019-05-15T15:20:21.000Z",
        eventKey: "issue_comment:186853002:492700400",
        place: "issue_comment",
        commentId: 492_700_400,
      },
      subject: { type: "pull_request", number: 2 },
    });
  });

  test("in a review starts its task", () => {
    const changes = { "review.body": "/triage look at the cache" };
    expect(derive("pull_request_review.submitted", changes)).toEqual({
      ...requested,
      trigger: {
        ...COMMAND,
        at: "2019-05-15T15:20:38.000Z",
        eventKey: "review:186853002:237895671",
        place: "review",
        commentId: 237_895_671,
      },
      subject: { type: "pull_request", number: 2 },
    });
  });

  test("in a comment on a line of the diff starts its task", () => {
    const changes = { "comment.body": "/triage look at the cache" };
    expect(derive("pull_request_review_comment.created", changes)).toEqual({
      ...requested,
      trigger: {
        ...COMMAND,
        at: "2019-05-15T15:20:38.000Z",
        eventKey: "review_comment:186853002:284312630",
        place: "review_comment",
        commentId: 284_312_630,
      },
      subject: { type: "pull_request", number: 2 },
    });
  });

  test("of somebody else than the author of the issue is that person's", () => {
    const changes = {
      "comment.body": "/triage",
      "sender.login": "octocat",
      "sender.id": 583_231,
    };
    const requester = { requester: { login: "octocat", id: 583_231 } };
    expect(derive("issue_comment.created", changes)).toMatchObject(requester);
  });

  test("through a repository's own webhook names no installation", () => {
    const changes = { "comment.body": "/triage", installation: undefined };
    expect(derive("issue_comment.created", changes)).toMatchObject({
      type: "trigger",
      place: { installationId: null },
    });
  });

  test("through somebody else's App is the user's", () => {
    const changes = { "comment.body": "/triage", "comment.performed_via_github_app": { id: 1 } };
    expect(derive("issue_comment.created", changes)).toMatchObject({
      type: "trigger",
      trigger: { viaApp: "" },
    });
  });

  test.each([
    ["is named by its slug", { id: 1, slug: "slack" }, "slack"],
    ["has no name where GitHub says none", { id: 1, slug: null }, ""],
    ["has no name where that is no text", { id: 1, slug: 5 }, ""],
  ])("through somebody else's App, which %s", (_how, via, viaApp) => {
    const changes = { "comment.body": "/triage", "comment.performed_via_github_app": via };
    expect(derive("issue_comment.created", changes)).toMatchObject({
      type: "trigger",
      trigger: { viaApp },
    });
  });

  // `issue.performed_via_github_app` is the App through which the issue was opened.
  test("is not through the App that opened the issue", () => {
    const opened = { "issue.performed_via_github_app": { id: 1, slug: "slack" } };
    const changes = { "comment.body": "/triage", ...opened };
    expect(derive("issue_comment.created", changes)).toMatchObject({
      type: "trigger",
      trigger: { viaApp: null },
    });
    expect(derive("issues.labeled", { ...LABEL, ...opened })).toEqual(
      derive("issues.labeled", LABEL),
    );
  });

  const PLACES = [
    ["issue_comment.created", "comment"],
    ["pull_request_review.submitted", "review"],
    ["pull_request_review_comment.created", "comment"],
  ] as const;

  test.each(PLACES)("through the bot's own App is ignored: %s", (event, field) => {
    const changes = {
      [`${field}.body`]: "/triage",
      [`${field}.performed_via_github_app`]: { id: APP.appId },
    };
    expect(derive(event, changes)).toEqual({ type: "ignored", reason: "bot" });
  });

  test.each(PLACES)("that is not there is ignored: %s", (event, field) => {
    const ignored = { type: "ignored", reason: "no_command" };
    expect(derive(event)).toEqual(ignored);
    expect(derive(event, { [`${field}.body`]: null })).toEqual(ignored);
    expect(derive(event, { [`${field}.body`]: undefined })).toEqual(ignored);
    expect(derive(event, { [`${field}.body`]: "> /triage" })).toEqual(ignored);
  });

  test.each([
    ["issue_comment.edited", "comment"],
    ["issue_comment.deleted", "comment"],
    ["pull_request_review.dismissed", "review"],
    ["pull_request_review_comment.edited", "comment"],
    ["pull_request_review_comment.deleted", "comment"],
  ])("in what was changed afterwards is ignored: %s", (event, field) => {
    const changes = { [`${field}.body`]: "/triage" };
    expect(derive(event, changes)).toEqual({ type: "ignored", reason: "other_event" });
  });
});

describe("a bot", () => {
  test.each([
    ["issues.labeled", LABEL],
    ["pull_request.labeled", LABEL],
    ["issue_comment.created", { "comment.body": "/triage" }],
    ["pull_request_review.submitted", { "review.body": "/triage" }],
    ["pull_request_review_comment.created", { "comment.body": "/triage" }],
  ])("starts nothing: %s", (event, changes) => {
    const bot = { "sender.type": "Bot", "sender.login": "renovate[bot]" };
    expect(derive(event, { ...changes, ...bot })).toEqual({ type: "ignored", reason: "bot" });
  });
});

test("real webhooks without our label or a command start no task", () => {
  const reasons = EXAMPLES.map(({ name, payload }) =>
    readWebhook({ name, deliveryId: "delivery-1", payload }, APP),
  ).map((answer) => (answer.type === "ignored" ? answer.reason : answer.type));
  expect(EXAMPLES.length).toBeGreaterThan(300);
  expect(new Set(reasons)).toEqual(
    new Set([
      "authorization_revoked",
      "other_event",
      "other_label",
      "no_command",
      "subject_event",
      "installation_event",
    ]),
  );
});

test("an event that is named like another object's field starts nothing", () => {
  const payload = payloadOf("issues.labeled", LABEL);
  for (const name of ["", "__proto__", "constructor", "issues.labeled", "ISSUES"]) {
    const answer = readWebhook({ name, deliveryId: "delivery-1", payload }, APP);
    expect(answer).toEqual({ type: "ignored", reason: "other_event" });
  }
});

test.each([
  ["User", "User"],
  ["Organization", "Organization"],
  // A kind of owner that GitHub may add one day can start tasks, too.
  ["Enterprise", null],
  [undefined, null],
])("the owner of the repository is of type %s: %s", (type, ownerType) => {
  const changes = { ...LABEL, "repository.owner.type": type };
  expect(derive("issues.labeled", changes)).toMatchObject({
    type: "trigger",
    place: { ownerType },
  });
});
