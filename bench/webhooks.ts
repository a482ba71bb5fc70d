import { createHmac, randomBytes } from "node:crypto";
import json from "@octokit/webhooks-examples" with { type: "json" };
import { z } from "zod";

/** A webhook ready to be sent: nothing is left to be computed while it is measured. */
export interface SignedWebhook {
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Buffer;
}

/** Which App gets them. */
export interface Hook {
  readonly secret: string;
  readonly installationId: number;
}

const fields = z.record(z.string(), z.unknown());
type Fields = z.infer<typeof fields>;
const examples = z.array(z.object({ name: z.string(), examples: z.array(fields) })).parse(json);

/** What a webhook of GitHub's says, from GitHub's own examples. */
function exampleOf(event: string, action: string): Fields {
  const payload = examples
    .find(({ name }) => name === event)
    ?.examples.find((example) => example["action"] === action);
  if (payload === undefined) throw new TypeError(`there is no example of ${event}.${action}`);
  return payload;
}

/** Each sets the label that asks for a task, on an issue of its own. */
export function requestingWebhooks(count: number, hook: Hook): SignedWebhook[] {
  const example = exampleOf("issues", "labeled");
  const label = { ...fields.parse(example["label"]), name: "copilot:triage" };
  return Array.from({ length: count }, () => sign("issues", numbered({ ...example, label }), hook));
}

/** What an App gets that subscribed to the events which the bot takes, and that asks for nothing. */
const OTHERS = [
  ["issues", "labeled"],
  ["issue_comment", "created"],
  ["issues", "opened"],
  ["pull_request", "labeled"],
  ["pull_request", "ready_for_review"],
  ["issue_comment", "edited"],
  ["pull_request_review", "submitted"],
  ["pull_request", "locked"],
] as const;

/** Other events, other labels and comments without a command, in turn. */
export function otherWebhooks(count: number, hook: Hook): SignedWebhook[] {
  const all = OTHERS.map(([event, action]) => [event, exampleOf(event, action)] as const);
  return Array.from({ length: count }, (_, index) => {
    const [event, example] = all[index % all.length] ?? ["issues", {}];
    return sign(event, example, hook);
  });
}

let lastNumber = 0;

/** The same event on another issue: one task for each. */
function numbered(example: Fields): Fields {
  lastNumber += 1;
  // What is older than the retention starts nothing.
  const now = { updated_at: new Date().toISOString() };
  return { ...example, issue: { ...fields.parse(example["issue"]), number: lastNumber, ...now } };
}

function sign(event: string, example: Fields, { secret, installationId }: Hook): SignedWebhook {
  const payload = { ...example, installation: { id: installationId } };
  const body = Buffer.from(JSON.stringify(payload));
  const signature = createHmac("sha256", secret).update(body).digest("hex");
  return {
    body,
    headers: {
      accept: "*/*",
      "content-type": "application/json",
      "content-length": body.length,
      "user-agent": "GitHub-Hookshot/044aadd",
      "x-github-delivery": nextDeliveryId(),
      "x-github-event": event,
      "x-hub-signature-256": `sha256=${signature}`,
    },
  };
}

/** From 1582, where UUIDs begin to count, to 1970, in steps of 100 ns. */
const UUID_EPOCH = 0x01_b2_1d_d2_13_81_40_00n;
const PLACE = randomBytes(8).toString("hex");
let lastTime = UUID_EPOCH + BigInt(Date.now()) * 10_000n;

/** A UUID of version 1 (RFC 9562), as GitHub gives its deliveries: when it was, half a millisecond apart. */
function nextDeliveryId(): string {
  lastTime += 5_000n;
  const time = lastTime.toString(16).padStart(16, "0");
  const [high, middle, low] = [time.slice(1, 4), time.slice(4, 8), time.slice(8)];
  return `${low}-${middle}-1${high}-8${PLACE.slice(1, 4)}-${PLACE.slice(4)}`;
}
