import { describe, expect, test } from "vitest";
import { parseCommand } from "../../src/core/parse-command.ts";
import { deriveTrigger } from "../../src/core/trigger.ts";
import { EXAMPLES, INSTALLATION, payloadOf } from "./payloads.ts";

const APP = { appId: 4_711, parseCommand };
const LABEL = { "label.name": "copilot:triage" };

function derive(event: string, changes: Readonly<Record<string, unknown>> = {}) {
  const [name = ""] = event.split(".");
  const payload = payloadOf(event, changes);
  return deriveTrigger({ name, deliveryId: "delivery-1", payload }, APP);
}

const requested = {
  type: "trigger",
  deliveryId: "delivery-1",
  requester: "Codertocat",
  requesterId: 21_031_067,
  installationId: INSTALLATION.id,
  ownerId: 21_031_067,
  owner: "Codertocat",
  repository: "Hello-World",
};

describe("a label", () => {
  test("on an issue asks for its task", () => {
    expect(derive("issues.labeled", LABEL)).toEqual({
      ...requested,
      eventKey: "label:186853002:1:copilot:triage:2019-05-15T15:20:18Z",
      subjectKey: "label:186853002:1:copilot:triage",
      triggeredAt: "2019-05-15T15:20:18.000Z",
      triggerLabel: "copilot:triage",
      command: null,
      commandPlace: null,
      commandCommentId: null,
      instructions: "",
      repositoryId: 186_853_002,
      subjectType: "issue",
      subjectNumber: 1,
    });
  });

  test("on a pull request asks for its task", () => {
    expect(derive("pull_request.labeled", LABEL)).toEqual({
      ...requested,
      eventKey: "label:186853002:2:copilot:triage:2019-05-15T15:20:35Z",
      subjectKey: "label:186853002:2:copilot:triage",
      triggeredAt: "2019-05-15T15:20:35.000Z",
      triggerLabel: "copilot:triage",
      command: null,
      commandPlace: null,
      commandCommentId: null,
      instructions: "",
      repositoryId: 186_853_002,
      subjectType: "pull_request",
      subjectNumber: 2,
    });
  });

  test("on an issue that is a pull request is on a pull request", () => {
    const changes = { ...LABEL, "issue.pull_request": { url: "https://api.github.com/" } };
    expect(derive("issues.labeled", changes)).toMatchObject({ subjectType: "pull_request" });
  });

  test("that is set again later is another event on the same subject", () => {
    const first = derive("issues.labeled", LABEL);
    const second = derive("issues.labeled", {
      ...LABEL,
      "issue.updated_at": "2019-05-15T15:21:00Z",
    });
    if (first.type !== "trigger" || second.type !== "trigger") throw new TypeError("no triggers");
    expect(second.eventKey).not.toBe(first.eventKey);
    expect(second.subjectKey).toBe(first.subjectKey);
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
    ["in capitals, which GitHub does not tell apart", "Copilot:Triage"],
  ])("is a trigger: one %s", (_which, name) => {
    expect(derive("issues.labeled", { "label.name": name })).toMatchObject({
      type: "trigger",
      triggerLabel: name,
      subjectKey: `label:186853002:1:${name.toLowerCase()}`,
    });
  });

  test("is ignored when the webhook does not say which", () => {
    expect(derive("issues.labeled", { label: undefined })).toMatchObject({ type: "ignored" });
  });

  test.each(["issues.unlabeled", "pull_request.unlabeled"])("that is taken off: %s", (event) => {
    expect(derive(event, LABEL)).toEqual({ type: "ignored", reason: "other_event" });
  });
});

describe("a command", () => {
  const written = {
    ...requested,
    subjectKey: null,
    triggerLabel: null,
    command: "triage",
    instructions: "look at the cache",
    repositoryId: 186_853_002,
  };

  test("in a comment on an issue asks for its task", () => {
    const changes = { "comment.body": "Hi!\n\n/triage look at the cache" };
    expect(derive("issue_comment.created", changes)).toEqual({
      ...written,
      triggeredAt: "2019-05-15T15:20:21.000Z",
      eventKey: "issue_comment:186853002:492700400",
      commandPlace: "issue_comment",
      commandCommentId: 492_700_400,
      subjectType: "issue",
      subjectNumber: 1,
    });
  });

  test("in a comment on a pull request asks for its task", () => {
    const changes = {
      "comment.body": "/copilot triage look at the cache",
      "issue.pull_request": { url: "https://api.github.com/" },
      "issue.number": 2,
    };
    expect(derive("issue_comment.created", changes)).toEqual({
      ...written,
      triggeredAt: "2019-05-15T15:20:21.000Z",
      eventKey: "issue_comment:186853002:492700400",
      commandPlace: "issue_comment",
      commandCommentId: 492_700_400,
      subjectType: "pull_request",
      subjectNumber: 2,
    });
  });

  test("in a review asks for its task", () => {
    const changes = { "review.body": "/triage look at the cache" };
    expect(derive("pull_request_review.submitted", changes)).toEqual({
      ...written,
      triggeredAt: "2019-05-15T15:20:38.000Z",
      eventKey: "review:186853002:237895671",
      commandPlace: "review",
      commandCommentId: 237_895_671,
      subjectType: "pull_request",
      subjectNumber: 2,
    });
  });

  test("in a comment on a line of the diff asks for its task", () => {
    const changes = { "comment.body": "/triage look at the cache" };
    expect(derive("pull_request_review_comment.created", changes)).toEqual({
      ...written,
      triggeredAt: "2019-05-15T15:20:38.000Z",
      eventKey: "review_comment:186853002:284312630",
      commandPlace: "review_comment",
      commandCommentId: 284_312_630,
      subjectType: "pull_request",
      subjectNumber: 2,
    });
  });

  test("of somebody else than the author of the issue is that person's", () => {
    const changes = {
      "comment.body": "/triage",
      "sender.login": "octocat",
      "sender.id": 583_231,
    };
    const requester = { requester: "octocat", requesterId: 583_231 };
    expect(derive("issue_comment.created", changes)).toMatchObject(requester);
  });

  test("through a repository's own webhook names no installation", () => {
    const changes = { "comment.body": "/triage", installation: undefined };
    expect(derive("issue_comment.created", changes)).toMatchObject({
      type: "trigger",
      installationId: null,
    });
  });

  test("through somebody else's App is the user's", () => {
    const changes = { "comment.body": "/triage", "comment.performed_via_github_app": { id: 1 } };
    expect(derive("issue_comment.created", changes)).toMatchObject({ type: "trigger" });
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
  ])("asks for nothing: %s", (event, changes) => {
    const bot = { "sender.type": "Bot", "sender.login": "renovate[bot]" };
    expect(derive(event, { ...changes, ...bot })).toEqual({ type: "ignored", reason: "bot" });
  });
});

describe("fields that are not as GitHub sends them are named, without their values", () => {
  const secret = "a stranger's words";

  test.each([
    ["issues.labeled", { repository: undefined }, "repository"],
    ["issues.labeled", { "issue.number": secret }, "issue.number"],
    ["issues.labeled", { "issue.number": 0 }, "issue.number"],
    ["issues.labeled", { "issue.number": 1.5 }, "issue.number"],
    ["issues.labeled", { "label.name": 5 }, "label.name"],
    ["issues.labeled", { "label.name": "a".repeat(201) }, "label.name"],
    ["issues.labeled", { sender: null }, "sender"],
    ["pull_request.labeled", { "pull_request.updated_at": 5 }, "pull_request.updated_at"],
    ["pull_request.labeled", { "sender.login": `../${secret}` }, "sender.login"],
    ["pull_request.labeled", { "sender.id": -1 }, "sender.id"],
    ["issue_comment.created", { "comment.id": Number.MAX_VALUE }, "comment.id"],
    ["issue_comment.created", { "comment.body": [secret] }, "comment.body"],
    ["issue_comment.created", { "repository.name": `a/${secret}` }, "repository.name"],
    ["issue_comment.created", { "repository.name": "a\n" }, "repository.name"],
    ["issue_comment.created", { "repository.owner.login": "[x](y)" }, "repository.owner.login"],
    ["issue_comment.created", { "installation.id": secret }, "installation.id"],
    ["pull_request_review.submitted", { review: secret }, "review"],
    [
      "pull_request_review_comment.created",
      { sender: undefined, pull_request: undefined },
      "sender, pull_request",
    ],
  ])("%s with %j", (event, changes, detail) => {
    expect(derive(event, changes)).toEqual({ type: "ignored", reason: "malformed", detail });
  });
});

test("real webhooks without our label or a command ask for nothing, whatever they tell", () => {
  const reasons = EXAMPLES.map(({ name, payload }) =>
    deriveTrigger({ name, deliveryId: "delivery-1", payload }, APP),
  ).map((answer) => (answer.type === "ignored" ? answer.reason : answer.type));
  expect(EXAMPLES.length).toBeGreaterThan(300);
  expect(new Set(reasons)).toEqual(new Set(["other_event", "other_label", "no_command"]));
});

test("an event that is named like something else's field asks for nothing", () => {
  const payload = payloadOf("issues.labeled", LABEL);
  for (const name of ["", "__proto__", "constructor", "issues.labeled", "ISSUES"]) {
    const answer = deriveTrigger({ name, deliveryId: "delivery-1", payload }, APP);
    expect(answer).toEqual({ type: "ignored", reason: "other_event" });
  }
});
