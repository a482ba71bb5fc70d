import { describe, expect, test } from "vitest";
import { readWebhook } from "../../../src/core/webhook/read-webhook.ts";
import { payloadOf } from "../payloads.ts";

const APP = { appId: 4_711, slug: "copilot-task-bot", parseCommand: () => null };

function derive(event: string, changes: Readonly<Record<string, unknown>>) {
  const [name = ""] = event.split(".");
  const payload = payloadOf(event, changes);
  return readWebhook({ name, deliveryId: "delivery-1", payload }, APP);
}

describe("fields that are not as GitHub sends them are named, without their values", () => {
  const secret = "a stranger's words";

  test.each([
    ["issues.labeled", { repository: undefined }, "repository"],
    ["issues.labeled", { "issue.number": secret }, "issue.number"],
    ["issues.labeled", { "issue.number": 0 }, "issue.number"],
    ["issues.labeled", { "issue.number": 1.5 }, "issue.number"],
    ["issues.labeled", { "label.name": 5 }, "label.name"],
    ["issues.labeled", { "label.name": "a".repeat(201) }, "label.name"],
    ["issues.labeled", { sender: "octocat" }, "sender"],
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
    expect(derive(event, changes)).toEqual({
      type: "ignored",
      reason: "malformed",
      invalidFields: detail,
    });
  });
});

test.each([null, "text", 5, []])("a payload that is no object is named: %j", (payload) => {
  const webhook = readWebhook({ name: "delete", deliveryId: "delivery-1", payload }, APP);
  expect(webhook).toMatchObject({ reason: "malformed", invalidFields: "payload" });
});
