import { describe, expect, test } from "vitest";
import { parseCommand } from "../../../src/core/command/parse.ts";
import { readWebhook } from "../../../src/core/webhook/read-webhook.ts";
import { payloadOf } from "../payloads.ts";

describe("as long as the App's slug isn't known", () => {
  const nameless = { appId: 4_711, slug: null, parseCommand };
  const read = (body: string, changes = {}) =>
    readWebhook(
      {
        name: "issue_comment",
        deliveryId: "delivery-1",
        payload: payloadOf("issue_comment.created", { "comment.body": body, ...changes }),
      },
      nameless,
    );

  test.each([
    "@copilot-task-bot triage",
    "@octocat fix this\n/copilot triage",
    "`@copilot-task-bot triage`",
  ])("it's undecided what a mention means: %s", (body) => {
    expect(read(body)).toEqual({ type: "undecided" });
  });

  test("a command works all the same", () => {
    expect(read("/copilot fix this\n@octocat for you")).toMatchObject({
      trigger: { name: "fix", instructions: "this\n@octocat for you" },
    });
  });

  test.each([
    "Thanks, @copilot-task-bot",
    "@octocat thanks",
    "> @copilot-task-bot triage",
    "@octocat/core",
    "None.",
  ])("what is no command whoever the bot is changes nothing: %s", (body) => {
    expect(read(body)).toEqual({ type: "ignored", reason: "no_command" });
  });

  test("bots are ignored", () => {
    expect(read("@copilot-task-bot triage", { "sender.type": "Bot" })).toEqual({
      type: "ignored",
      reason: "bot",
    });
  });
});
