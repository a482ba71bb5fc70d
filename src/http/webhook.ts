import type { IncomingMessage } from "node:http";
import type { Answer } from "./answer.ts";
import { refusal } from "./answer.ts";
import { readBody } from "./body.ts";
import type { ReceptionOptions } from "./reception.ts";
import { createReception } from "./reception.ts";
import { createVerification, digestIn } from "./signature.ts";

interface Options extends ReceptionOptions {
  /** With which GitHub signs webhooks. */
  readonly secret: string;
}

/**
 * The webhook route: signature, then what is durable, then the answer. Nothing of GitHub's or
 * Copilot's API is called before the answer, so that GitHub never waits for the work itself.
 *
 * Probot's own way from the body to a handler is not taken: it makes a client of GitHub for every webhook,
 * which nothing here asks for, and what a handler finds out cannot become the answer.
 */
export function createWebhookRoute(options: Options) {
  const { secret, log } = options;
  const isGenuine = createVerification(secret);
  const receive = createReception(options);

  async function answer(request: IncomingMessage): Promise<Answer> {
    const head = readHead(request);
    if ("status" in head) return head;
    const body = await readBody(request);
    if (body === null) return TOO_LARGE;
    if (!isGenuine(body, head.digest)) return WRONG_SIGNATURE;
    return understand(head, body);
  }

  /**
   * Waits for nothing itself: what was parsed, a hundred times the objects of a task, must not be held –
   * and copied by the garbage collector – until the task is written.
   */
  function understand({ name, deliveryId }: Head, body: Buffer): Promise<Answer> {
    const payload = parse(body);
    if (payload === undefined) return Promise.resolve(NO_OBJECT);
    return orFailed({ name, deliveryId }, receive({ name, deliveryId, payload }));
  }

  async function orFailed(delivery: Pick<Head, "name" | "deliveryId">, answering: Promise<Answer>) {
    try {
      return await answering;
    } catch (err) {
      // GitHub shows the delivery as failed.
      log.error({ ...delivery, err }, "webhook not understood");
      return refusal(500, "The bot did not handle this event.");
    }
  }

  return async (request: IncomingMessage): Promise<Answer> => {
    const given = await answer(request);
    if (given.status >= 400) log.warn({ status: given.status }, "webhook refused");
    return given;
  };
}

/** The JSON object that a body is; undefined when it is none. */
function parse(body: Buffer): object | undefined {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const NO_OBJECT = refusal(400, "The body is not a JSON object.");
const TOO_LARGE = {
  ...refusal(413, "The body is larger than 25 MB."),
  headers: { connection: "close" },
};
const WRONG_SIGNATURE = refusal(
  401,
  "The signature does not match: check WEBHOOK_SECRET and the App's webhook secret.",
);

interface Head {
  readonly name: string;
  readonly deliveryId: string;
  /** What the signature says. */
  readonly digest: Buffer;
}

function readHead({ headers }: IncomingMessage): Head | Answer {
  if (headers["content-type"]?.split(";")[0]?.trim().toLowerCase() !== "application/json") {
    return refusal(415, "Set the content type of the webhook to application/json.");
  }
  const name = headers["x-github-event"];
  const deliveryId = headers["x-github-delivery"];
  const signature = headers["x-hub-signature-256"];
  if (typeof name !== "string" || !/^[a-z][a-z_]{0,63}$/u.test(name)) {
    return refusal(400, "The header X-GitHub-Event is missing or malformed.");
  }
  if (typeof deliveryId !== "string" || !/^[\w-]{1,64}$/u.test(deliveryId)) {
    return refusal(400, "The header X-GitHub-Delivery is missing or malformed.");
  }
  if (typeof signature !== "string") {
    return refusal(401, "The header X-Hub-Signature-256 is missing: set a secret for the webhook.");
  }
  const digest = digestIn(signature);
  return digest === null ? WRONG_SIGNATURE : { name, deliveryId, digest };
}
