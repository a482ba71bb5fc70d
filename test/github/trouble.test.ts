import { Octokit } from "@octokit/rest";
import { expect, test } from "vitest";
import { troubleOf } from "../../src/github/trouble.ts";
import { useGitHub } from "./prepared.ts";

const github = useGitHub();
const REQUEST = "GET /repos/octo-org/hello";
const NOW = new Date("2026-03-01T12:00:00.000Z");
const inSeconds = (seconds: number) => String(NOW.getTime() / 1000 + seconds);
const limited = (reset: number, remaining = 0) => ({
  "x-ratelimit-remaining": String(remaining),
  "x-ratelimit-reset": inSeconds(reset),
});

const quiet = () => undefined;
const { repos } = new Octokit({ log: { debug: quiet, info: quiet, warn: quiet, error: quiet } });

const IP_ALLOW_LIST =
  "Although you appear to have the correct authorization credentials, the `octo-org` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.";

/** What Octokit rejects with. */
async function rejection(): Promise<unknown> {
  return repos.get({ owner: "octo-org", repo: "hello" }).catch((error: unknown) => error);
}

test.each([
  [401, "Bad credentials", {}, { type: "unauthorized" }],
  [403, "Resource not accessible by integration", {}, { type: "not_permitted" }],
  [422, "Resource not accessible by integration", {}, { type: "refused" }],
  [403, "This installation has been suspended", {}, { type: "suspended" }],
  [422, "This installation has been suspended", {}, { type: "refused" }],
  [403, "Must have admin rights to Repository", limited(90, 1), { type: "forbidden" }],
  [403, "Repository was archived so is read-only.", {}, { type: "archived" }],
  [403, "Unable to create comment because issue is locked.", {}, { type: "locked" }],
  [403, IP_ALLOW_LIST, {}, { type: "ip_not_allowed" }],
  [403, "Repository access blocked", {}, { type: "forbidden" }],
  [404, "Not Found", {}, { type: "gone" }],
  [409, "Conflict", {}, { type: "conflict" }],
  [410, "This issue was deleted", {}, { type: "gone" }],
  [422, "Validation Failed", {}, { type: "refused" }],
  [422, "Validation Failed: data: abuse", {}, { type: "spam" }],
  [422, "Your content was flagged as spam", {}, { type: "spam" }],
  [422, "data was submitted too quickly after a previous comment", {}, { type: "spam" }],
  [
    403,
    "You have triggered an abuse detection mechanism. Please wait a few minutes.",
    {},
    { type: "unreachable", retryAfterSeconds: 60 },
  ],
  [408, "Request Timeout", {}, { type: "unreachable" }],
  [451, "Repository access blocked", {}, { type: "refused" }],
  [403, "Slow down", { "retry-after": "17" }, { type: "unreachable", retryAfterSeconds: 17 }],
  [403, "Slow down", limited(90), { type: "unreachable", retryAfterSeconds: 90 }],
  [403, "It is over by now", limited(-5), { type: "unreachable", retryAfterSeconds: 1 }],
  [
    403,
    "You have exceeded a secondary rate limit",
    {},
    { type: "unreachable", retryAfterSeconds: 60 },
  ],
  [429, "Too many requests", {}, { type: "unreachable", retryAfterSeconds: 60 }],
  [
    429,
    "Too many requests",
    { ...limited(90), "retry-after": "8" },
    { type: "unreachable", retryAfterSeconds: 8 },
  ],
  [500, "Server Error", {}, { type: "unreachable", retryAfterSeconds: 0 }],
  [502, "Bad Gateway", {}, { type: "unreachable", retryAfterSeconds: 0 }],
] as const)("%i %s with %o means %o", async (status, message, headers, expected) => {
  github.refuses(REQUEST, status, { message, headers });

  const trouble = troubleOf(await rejection(), NOW);
  expect(trouble).toEqual({ ...expected, message: expect.stringContaining(message) });
});

test("a connection that breaks means that it may go through later", async () => {
  github.breaks(REQUEST);

  expect(troubleOf(await rejection(), NOW)).toEqual({
    type: "unreachable",
    message: "socket hang up",
    retryAfterSeconds: 0,
  });
});

test.each([
  ["a defect", new TypeError("undefined is not a function")],
  ["another's error with a status", Object.assign(new Error("No"), { status: 404 })],
  ["no error at all", { name: "HttpError", status: 404 }],
  ["nothing", undefined],
])("%s is not GitHub's", (_what, error) => {
  expect(troubleOf(error, NOW)).toBeNull();
});
