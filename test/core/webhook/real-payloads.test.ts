import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { parseCommand } from "../../../src/core/command/parse.ts";
import {
  isAboutComment,
  readWebhook,
  WEBHOOK_EVENTS,
} from "../../../src/core/webhook/read-webhook.ts";
import { changed, INSTALLATION } from "../payloads.ts";
import { runs } from "../../runs.ts";

const APP = { appId: 1, slug: "copilot-task-bot", parseCommand };
const DIRECTORY = fileURLToPath(
  new URL("../../../node_modules/@octokit/webhooks-examples/", import.meta.url),
);
const fieldsOf = z.record(z.string(), z.unknown());
const definitions = z.array(z.object({ name: z.string(), examples: z.array(fieldsOf) }));

/** Webhooks that github.com and five versions of the Enterprise Server have sent. */
const SENT = readdirSync(DIRECTORY, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: host }) => {
    const json: unknown = JSON.parse(readFileSync(`${DIRECTORY}${host}/index.json`, "utf8"));
    return definitions.parse(json).flatMap(({ name, examples }) =>
      examples.map((example) => ({
        host,
        name,
        payload: { ...example, installation: example["installation"] ?? INSTALLATION },
      })),
    );
  });

const READ = SENT.filter(({ name, payload }) => {
  const action = "action" in payload ? String(payload["action"]) : "";
  return WEBHOOK_EVENTS.includes(`${name}.${action}`);
});

/** What of a webhook isn't as GitHub sends it, as the bot sees it; null when all is. */
function invalidFieldsIn(name: string, payload: unknown): string | null {
  const webhook = readWebhook({ name, deliveryId: "delivery-1", payload }, APP);
  if (webhook.type !== "ignored" || webhook.reason !== "malformed") return null;
  return webhook.invalidFields;
}

test("every webhook whose text is parsed is known to be about a comment", () => {
  const parsed = READ.filter(({ name, payload }) => {
    let isParsed = false;
    const parse = () => {
      isParsed = true;
      return null;
    };
    readWebhook(
      { name, deliveryId: "delivery-1", payload },
      { appId: 1, slug: "copilot-task-bot", parseCommand: parse },
    );
    return isParsed;
  });
  expect(parsed.length).toBeGreaterThan(5);
  for (const { name, payload } of parsed) {
    const event = { name, deliveryId: "delivery-1", payload };
    expect({ name, isAboutComment: isAboutComment(event) }).toEqual({ name, isAboutComment: true });
  }
});

describe("no webhook that GitHub sends is refused", () => {
  test("whatever the host", () => {
    expect(SENT.length).toBeGreaterThan(700);
    expect(READ.length).toBeGreaterThan(40);
    for (const { host, name, payload } of SENT) {
      const invalid = invalidFieldsIn(name, payload);
      expect({ host, name, invalid }).toEqual({ host, name, invalid: null });
    }
  });

  const LOGINS = [
    "octocat",
    "-old-account",
    "old-account-",
    "a--b",
    "-",
    "octocat_acme",
    "name_",
    "renovate[bot]",
    "john.doe",
    "0",
    "A".repeat(39),
  ];
  const word = fc.stringMatching(/^[A-Za-z0-9_-]{1,39}$/u);
  const anyLogin = fc.oneof(fc.constantFrom(...LOGINS), word);
  const anyId = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  const anyText = fc.oneof(fc.constantFrom(null, ""), fc.string({ unit: "binary" }));
  const FIELDS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    "sender.login": anyLogin,
    "sender.id": anyId,
    "sender.type": fc.constantFrom("User", "Bot", "Organization", "Mannequin"),
    sender: fc.constant(null),
    "repository.owner.login": anyLogin,
    "repository.owner.id": anyId,
    "repository.id": anyId,
    "repository.name": fc.oneof(
      fc.constantFrom(".github", "..x", "-", "_", "a.b", "hello.git-2"),
      fc.stringMatching(/^[A-Za-z0-9_-]{1,100}$/u),
    ),
    "installation.id": anyId,
    "installation.account": fc.constant(null),
    "installation.account.login": anyLogin,
    "issue.number": anyId,
    "issue.title": fc.string({ maxLength: 1_024 }),
    "issue.body": anyText,
    "issue.user": fc.constant(null),
    "issue.labels": fc.constant([]),
    "pull_request.number": anyId,
    "pull_request.body": anyText,
    "pull_request.user": fc.constant(null),
    "pull_request.head.repo": fc.constant(null),
    "pull_request.head.ref": fc.string({ minLength: 1, maxLength: 255 }),
    "comment.body": anyText,
    "comment.id": anyId,
    "comment.user": fc.constant(null),
    "comment.performed_via_github_app": fc.constant(null),
    "review.body": anyText,
    "review.user": fc.constant(null),
    "label.name": fc.oneof(
      fc.constantFrom("🐛 bug", "ä".repeat(50)),
      fc.string({ maxLength: 50, unit: "binary" }),
    ),
    label: fc.constant(undefined),
    ref: fc.string({ minLength: 1, maxLength: 255 }),
  };
  const anyChange = fc
    .constantFrom(...Object.keys(FIELDS))
    .chain((path) => (FIELDS[path] ?? fc.constant(null)).map((value) => ({ path, value })));

  test("whoever is named in it, and however", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...READ),
        fc.array(anyChange, { maxLength: 5 }),
        (sent, changes) => {
          const payload = changes.reduce<unknown>(
            (at, { path, value }) =>
              has(at, path.split(".")) ? changed(at, path.split("."), value) : at,
            sent.payload,
          );
          expect(invalidFieldsIn(sent.name, payload)).toBeNull();
        },
      ),
      { numRuns: runs(2_000) },
    );
  });

  test.each(LOGINS)("%s can start tasks", (login) => {
    const sent = READ.find(({ name, payload }) => name === "issue_comment" && "action" in payload);
    const payload = [
      ["sender.login", login],
      ["sender.type", "User"],
      ["comment.body", "/copilot triage"],
      ["action", "created"],
    ].reduce<unknown>(
      (at, [path = "", value]) => changed(at, path.split("."), value),
      sent?.payload,
    );
    const event = { name: "issue_comment", deliveryId: "delivery-1", payload };
    expect(readWebhook(event, APP)).toMatchObject({
      type: "trigger",
      requester: { login },
    });
  });

  test("but of an account that is gone nothing is started", () => {
    const labeled = READ.find(({ name, payload }) => name === "issues" && "label" in payload);
    const payload = changed(labeled?.payload, ["sender"], null);
    const event = {
      name: "issues",
      deliveryId: "delivery-1",
      payload: { ...fieldsOf.parse(payload), action: "labeled", label: { name: "copilot:triage" } },
    };
    expect(readWebhook(event, APP)).toEqual({
      type: "ignored",
      reason: "nobody",
    });
  });
});

/** Whether the payload has a field at this path. */
function has(value: unknown, [key = "", ...rest]: readonly string[]): boolean {
  const fields = fieldsOf.safeParse(value).data;
  if (fields === undefined || !(key in fields)) return false;
  return rest.length === 0 || has(fields[key], rest);
}
