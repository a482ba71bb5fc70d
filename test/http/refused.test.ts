import { describe, expect, test } from "vitest";
import type { Delivery } from "./client.ts";
import { commented, deliver, headersOf, labeled, signatureOf, stall, upload } from "./client.ts";
import { SECRET, startServer } from "./started.ts";

const MISMATCH = "The signature doesn't match. Set WEBHOOK_SECRET to the App's webhook secret.";
const NO_OBJECT = "The body isn't a JSON object.";

type Row = [what: string, delivery: Delivery, status: number, error: string];

const signed = (signature: string | undefined) => ({
  headers: { "x-hub-signature-256": signature },
});

describe("a webhook is refused, and no task is written", () => {
  const missing = "The header X-Hub-Signature-256 is missing. Set a secret for the webhook.";
  const event = "The header X-GitHub-Event is missing or malformed.";
  const delivery = "The header X-GitHub-Delivery is missing or malformed.";
  const type = "Set the content type of the webhook to application/json.";

  test.each<Row>([
    ["without a signature", signed(undefined), 401, missing],
    ["with an empty signature", signed(""), 401, MISMATCH],
    ["with a signature of another secret", signed(signatureOf(labeled(), "x")), 401, MISMATCH],
    ["with a signature of another body", signed(signatureOf("{}")), 401, MISMATCH],
    ["with a signature cut short", signed(signatureOf(labeled()).slice(0, -1)), 401, MISMATCH],
    ["with a signature that is none", signed("sha256=\u00E9"), 401, MISMATCH],
    [
      "with an old signature alone",
      { headers: { "x-hub-signature-256": undefined, "x-hub-signature": "sha1=0" } },
      401,
      missing,
    ],
    ["with a broken body", { body: '{"action":' }, 400, NO_OBJECT],
    ["with a body that is null", { body: "null" }, 400, NO_OBJECT],
    ["with a body that is a number", { body: "5" }, 400, NO_OBJECT],
    ["with a body that is zero", { body: "0" }, 400, NO_OBJECT],
    ["with a body that is text", { body: '"x"' }, 400, NO_OBJECT],
    ["with a body that is true", { body: "true" }, 400, NO_OBJECT],
    ["without the event's name", { headers: { "x-github-event": undefined } }, 400, event],
    ["with an event's name that is none", { headers: { "x-github-event": "a/b" } }, 400, event],
    ["without a delivery", { headers: { "x-github-delivery": undefined } }, 400, delivery],
    ["with a delivery that is none", { headers: { "x-github-delivery": "a b" } }, 400, delivery],
    ["with a long delivery", { headers: { "x-github-delivery": "a".repeat(65) } }, 400, delivery],
    ["as a form", { headers: { "content-type": "application/x-www-form-urlencoded" } }, 415, type],
    ["as text", { headers: { "content-type": "text/plain" } }, 415, type],
    ["as something like JSON", { headers: { "content-type": "application/json5" } }, 415, type],
    ["as nothing", { headers: { "content-type": undefined } }, 415, type],
    [
      "with a field that is missing",
      { body: labeled({ "issue.number": undefined, sender: undefined }) },
      400,
      "Unexpected values in these fields: sender, issue.number.",
    ],
    [
      "with a field of the wrong kind",
      { body: labeled({ "sender.login": "../../etc" }) },
      400,
      "Unexpected values in these fields: sender.login.",
    ],
  ])("%s", async (_what, given, status, error) => {
    const server = await startServer();
    expect(await deliver(server.webhooks, given)).toEqual({ status, body: { error } });
    expect(server.rows()).toEqual([]);
    expect(server.enqueued).toEqual([]);
  });

  // It is read as an event of another kind: 202.
  test("with a body that is a list", async () => {
    const server = await startServer();
    const answer = await deliver(server.webhooks, { body: "[]" });
    expect(answer).toEqual({ status: 400, body: { error: NO_OBJECT } });
  });
});

test("a signature is checked before a body is read as JSON", async () => {
  const server = await startServer();
  const headers = { "x-hub-signature-256": signatureOf("x") };
  expect(await deliver(server.webhooks, { body: "{", headers })).toMatchObject({ status: 401 });
});

describe("a body larger than GitHub's is refused", () => {
  const MEGABYTE = Buffer.alloc(1024 * 1024, "a");
  const headers = headersOf({ headers: { "x-hub-signature-256": `sha256=${"0".repeat(64)}` } });
  const refused = { status: 413, body: { error: "The body is larger than 25 MB." } };
  const megabytes = (count: number) => Array.from({ length: count }, () => MEGABYTE);

  test("by its declared length", async () => {
    const server = await startServer();
    const length = { "content-length": 26 * MEGABYTE.length };
    expect(await upload(server.webhooks, { ...headers, ...length }, megabytes(26))).toEqual(
      refused,
    );
  });

  test("by what has come of it, when its length is not declared", async () => {
    const server = await startServer();
    const parts = [...megabytes(25), Buffer.from("a")];
    expect(await upload(server.webhooks, headers, parts)).toEqual(refused);
  });

  test("but not one as large as GitHub's", async () => {
    const server = await startServer();
    const mismatch = { status: 401, body: { error: MISMATCH } };
    expect(await upload(server.webhooks, headers, megabytes(25))).toEqual(mismatch);
  });
});

describe("a connection that stalls is closed", () => {
  const head = Object.entries(headersOf({})).map(([name, value]) => `${name}: ${value}\r\n`);
  const begin = `POST /api/github/webhooks HTTP/1.1\r\nhost: bot\r\n`;

  test.each([
    ["before the first byte", ""],
    ["in the headers", begin],
    ["in the body", `${begin}${head.join("")}content-length: 100\r\n\r\n{`],
    [
      "in a body without a declared length",
      `${begin}${head.join("")}transfer-encoding: chunked\r\n\r\n`,
    ],
  ])("%s", async (_where, text) => {
    const server = await startServer({ requestTimeoutMs: 150 });
    expect(await stall(server.webhooks, text)).toMatch(/^HTTP\/1\.1 408 /u);
    expect(server.rows()).toEqual([]);
    // A connection that breaks off isn't an error of the bot's.
    expect(server.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});

test("no secret, no signature, and no text of a stranger gets into the log or an answer", async () => {
  const words = "confidential";
  let broken = false;
  const server = await startServer({
    insert: (tasks, trigger) =>
      broken ? Promise.reject(new Error("disk full")) : tasks.insert(trigger),
  });
  const body = commented(`/triage ${words}`, { "issue.title": words, "sender.login": words });
  const given: Delivery = { event: "issue_comment", body };
  const wrong = { event: "issue_comment", body: commented(words, { "comment.id": words }) };
  const answers = [
    await deliver(server.webhooks, given),
    await deliver(server.webhooks, given),
    await deliver(server.webhooks, { ...given, headers: { "x-hub-signature-256": words } }),
    await deliver(server.webhooks, { ...given, body: `{"${words}` }),
    await deliver(server.webhooks, wrong),
    await deliver(server.webhooks, { ...given, event: "push" }),
    await deliver(server.webhooks, { ...given, headers: { "x-github-event": `${words}/` } }),
    await deliver(server.webhooks, { ...given, headers: { authorization: words, cookie: words } }),
  ];
  broken = true;
  answers.push(await deliver(server.webhooks, given));
  const written = `${server.log.join("")}${JSON.stringify(answers)}`;
  expect(server.log.length).toBeGreaterThanOrEqual(answers.length - 1);
  expect(answers.map(({ status }) => status)).toEqual([
    202, 202, 401, 400, 400, 202, 400, 202, 503,
  ]);
  expect(written).not.toContain(words);
  expect(written).not.toContain(SECRET);
  for (const { body: sent = "" } of [given, wrong]) {
    expect(written).not.toContain(signatureOf(sent).slice("sha256=".length));
  }
});
