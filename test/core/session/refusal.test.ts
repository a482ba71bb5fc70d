import { describe, expect, test } from "vitest";
import type { FailureCode } from "../../../src/core/task/failure.ts";
import type { Refusal } from "../../../src/core/session/refusal.ts";
import { failureOfRuntime } from "./refused.ts";

const PREFIX = "Request session.create failed with message: ";
const ID = "5f9c2b1e-7c1d-4a55-8f43-3a1b8f0f6d21";

/** As the runtime gives it: JSON-RPC's internal error with a text, and nothing else. */
function refused(message: string, fields: Partial<Refusal> = {}) {
  return failureOfRuntime({ code: -32_603, message: `${PREFIX}${message}`, ...fields });
}

type Row = [status: string, message: string, code: FailureCode, nothingCreated: boolean];

describe("Mission Control's response, of which the runtime passes on the text", () => {
  test.each<Row>([
    ["403", "blocked by org policy", "policy_blocked", true],
    ["403", "Blocked by the policies of your enterprise", "policy_blocked", true],
    ["403, JSON", '{"error":{"code":"policy_blocked","message":"no"}}', "policy_blocked", true],
    ["403, no known word", "x", "unknown", false],
    ["403, empty", "{}", "unknown", false],
    ["403", "User is not entitled to Copilot", "not_entitled", true],
    ["403", "No Copilot seat", "not_entitled", true],
    ["403", "You are not licensed for this", "not_entitled", true],
    ["401", "Bad credentials", "bad_credentials", true],
    ["401", "Unauthorized", "bad_credentials", true],
    ["none", "session.create cloud requires authentication", "bad_credentials", true],
    ["404", "Not Found", "repository_not_found", true],
    ["404", "Repository not found", "repository_not_found", true],
    ["422", "Validation Failed", "unknown", true],
    ["429", "rate limited", "rate_limited", true],
    ["429", "API rate limit exceeded", "rate_limited", true],
    ["429", "Too Many Requests", "rate_limited", true],
    ["500", "boom", "unknown", false],
    ["502", "Bad Gateway", "mission_control_unreachable", false],
    ["503", "<html><body>Unavailable</body></html>", "mission_control_unreachable", false],
    ["503", "\n<!DOCTYPE html>\n<html></html>", "mission_control_unreachable", false],
    ["504", "Gateway Timeout", "mission_control_unreachable", false],
    [
      "connection dropped",
      "error sending request for url (http://127.0.0.1:4000/agents/tasks)",
      "mission_control_unreachable",
      false,
    ],
    [
      "200, not JSON",
      "SyntaxError: Unexpected token 'h', \"this is no\"... is not valid JSON",
      "mission_control_unreachable",
      false,
    ],
    [
      "200, not JSON, of a newer runtime",
      "expected ident at line 1 column 2",
      "mission_control_unreachable",
      false,
    ],
  ])("%s: %s → %s", (_status, message, code, nothingCreated) => {
    expect(refused(message)).toEqual({ code, message, nothingCreated });
  });

  // A proxy's page isn't a response of Mission Control, whatever text is in it.
  test("503 with a page that mentions a policy → mission_control_unreachable", () => {
    const page = '<html><body>Unavailable. <a href="/privacy">Privacy policy</a></body></html>';
    expect(refused(page)).toMatchObject({
      code: "mission_control_unreachable",
      nothingCreated: false,
    });
  });
});

describe("the token is looked up before anything is created", () => {
  test.each<[string, FailureCode]>([
    ["Failed to fetch Copilot user info: 401 Unauthorized", "bad_credentials"],
    ["Failed to fetch Copilot user info: 403 Forbidden", "not_entitled"],
    ["Failed to fetch Copilot user info: 404 Not Found", "not_entitled"],
    ["Failed to fetch Copilot user info: 429 Too Many Requests", "rate_limited"],
    ["Failed to fetch Copilot user info: 500 Oops", "mission_control_unreachable"],
    [
      "error sending request for url (https://api.github.com/copilot_internal/user)",
      "mission_control_unreachable",
    ],
  ])("%s → %s", (message, code) => {
    expect(refused(message)).toMatchObject({ code, nothingCreated: true });
  });
});

describe("an agent that does not start", () => {
  test("in time: nobody knows the id of the session", () => {
    const message =
      "Timed out waiting for the remote sandbox to start. The cloud session was created but its CLI host did not connect in time.";
    expect(refused(message)).toEqual({ code: "start_timed_out", message, nothingCreated: false });
  });

  test.each([
    [`No events found for task ID ${ID}`],
    [`No events found for task ID: ${ID}`],
    [`No session.start event found for task ID ${ID}. Event types: ["session.info"]`],
  ])("and whose session is known: %s", (message) => {
    expect(refused(message)).toEqual({
      code: "start_timed_out",
      message,
      nothingCreated: false,
      sessionId: ID,
    });
  });

  test("because the connection broke while it was waited for", () => {
    const url = `http://127.0.0.1:4000/agents/tasks/${ID}/events`;
    expect(refused(`error sending request for url (${url})`)).toMatchObject({
      code: "mission_control_unreachable",
      nothingCreated: false,
      sessionId: ID,
    });
  });

  test("has no session where the text names another kind of id", () => {
    expect(refused(`request ${ID} failed`)).not.toHaveProperty("sessionId");
  });
});

describe("the runtime itself", () => {
  test.each([
    [{ code: -32_601, message: "Unhandled method session.create" }],
    [{ code: -32_601, message: "anything" }],
    [{ message: "Unhandled method session.create" }],
  ])("that knows no cloud sessions: %j", (refusal) => {
    expect(failureOfRuntime(refusal)).toMatchObject({
      code: "runtime_unsupported",
      nothingCreated: true,
    });
  });

  test.each(["Connection is closed.", "Connection got disposed."])("that dies: %s", (message) => {
    const crashed = { code: "runtime_crashed", message, nothingCreated: false };
    expect(failureOfRuntime({ message })).toEqual(crashed);
  });
});

describe("fields, where a runtime has some, show what the text doesn't", () => {
  test.each<[string, Partial<Refusal>]>([
    ["reason", { reason: "policy_blocked" }],
    ["data.reason", { dataReason: "policy_blocked" }],
    ["code", { code: "policy_blocked" }],
  ])("%s", (_field, fields) => {
    const blocked = { code: "policy_blocked", message: "x", nothingCreated: true };
    expect(refused("x", fields)).toEqual(blocked);
  });

  test("a policy comes before whatever else the text says", () => {
    const fields = { reason: "policy_blocked" };
    for (const message of ["Not Found", "rate limited", "Bad credentials", "{}", ""]) {
      expect(refused(message, fields)).toMatchObject({ code: "policy_blocked" });
    }
  });

  test("an unknown code isn't used", () => {
    const unknown = { code: "unknown", message: "x", nothingCreated: false, reason: "because" };
    expect(refused("x", { reason: "because", dataReason: "because", code: "E1" })).toEqual(unknown);
  });
});

describe("how long to wait", () => {
  test.each([
    ["rate limited, retry after 30 seconds", 30],
    ["rate limited. Please try again in 5s.", 5],
    ["Too many requests: wait 120 sec", 120],
  ])("%s", (message, retryAfterSeconds) => {
    expect(refused(message)).toMatchObject({ code: "rate_limited", retryAfterSeconds });
  });

  test.each(["rate limited", "rate limited: 30 requests", "rate limited, retry after 2 minutes"])(
    "isn't known from: %s",
    (message) => {
      expect(refused(message)).not.toHaveProperty("retryAfterSeconds");
    },
  );
});

test("the runtime's own text before the response is removed, once", () => {
  expect(failureOfRuntime({ message: `${PREFIX}${PREFIX}boom` }).message).toBe(`${PREFIX}boom`);
});
