import { expect, test } from "vitest";
import {
  brokeredHeaders,
  routeBrokered,
  shareBodyFor,
} from "../../../src/core/isolation/broker-rules.ts";

const OWN = ["s-1"];

test.for([
  ["GET", "/copilot_internal/user", "github /copilot_internal/user"],
  ["GET", "/copilot_internal/managed_settings", "github /copilot_internal/managed_settings"],
  ["GET", "/models?x=1", "copilot /models?x=1"],
  ["POST", "/models/session", "copilot /models/session"],
  ["POST", "/chat/completions", "copilot /chat/completions"],
  ["POST", "/agents/sessions", "mission_control /sessions"],
  ["GET", "/agents/sessions/s-1/commands", "mission_control /sessions/s-1/commands"],
  ["POST", "/agents/sessions/s-1/events", "mission_control /sessions/s-1/events"],
  ["GET", "/agents/sessions/s-2/commands", null],
  ["POST", "/agents/sessions/s-1/commands", null],
  ["POST", "/agents/sessions/s-1/steer", null],
  ["POST", "/agents/tasks", null],
  ["POST", "/agents/tasks/t-1/steer", null],
  ["POST", "/agents/tasks/t-1/rpc", null],
  ["GET", "/agents/tasks/t-1/events", null],
  ["GET", "/agents/sessions/s-1/../../tasks/t-1/events", null],
  ["GET", "/agents/sessions/%73-1/commands", null],
  ["GET", "//agents/sessions/s-1", null],
  ["GET", "/copilot_internal/v2/token", null],
  ["DELETE", "/models", null],
  ["GET", "/user", null],
  ["GET", "http://169.254.169.254/", null],
  ["GET", "", null],
] as const)("%s %s goes to %s", ([method, path, goesTo]) => {
  const route = routeBrokered({ method, path }, OWN);
  expect(route === null ? null : `${route.upstream} ${route.path}`).toBe(goesTo);
});

test("only a request with the placeholder gets the owner's token, and only it", () => {
  const tokens = { placeholder: "gho_placeholder", token: "gho_owner" };
  const headers = { "x-one": "1", host: "127.0.0.1", cookie: "a=b", "x-forwarded-for": "1.2.3.4" };
  const asked = (authorization: string) => brokeredHeaders({ ...headers, authorization }, tokens);
  expect(asked("Bearer gho_placeholder")).toEqual({
    "x-one": "1",
    "accept-encoding": "identity",
    authorization: "Bearer gho_owner",
  });
  expect(asked("token gho_placeholder")?.["authorization"]).toBe("token gho_owner");
  expect(asked("Bearer gho_another")).toBe(null);
  expect(asked("Basic gho_placeholder")).toBe(null);
  expect(brokeredHeaders(headers, tokens)).toBe(null);
});

test.for([
  [
    '{"owner_id":1,"repo_id":2,"agent_task_id":"a"}',
    '{"owner_id":1,"repo_id":2,"agent_task_id":"a"}',
  ],
  ['{"owner_id":1,"repo_id":3,"repo_id":2}', '{"owner_id":1,"repo_id":2}'],
  ['{"owner_id":1,"repo_id":3}', null],
  ['{"owner_id":4,"repo_id":2}', null],
  ['{"agent_task_id":"a"}', null],
  ["[]", null],
  ["no JSON", null],
] as const)("sharing a session with %s sends %s", ([body, sent]) => {
  expect(shareBodyFor({ ownerId: 1, repositoryId: 2 }, body)).toBe(sent);
});
