import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage } from "node:http";
import type { Answer } from "./answer.ts";
import { refusal } from "./answer.ts";
import { readBody } from "./body.ts";
import type { ReceptionOptions } from "./reception.ts";
import { createReception, NO_OBJECT } from "./reception.ts";

/** The part of Probot's webhooks that the route uses. */
interface Webhooks {
  onAny(handler: (event: { id: string; name: string; payload: unknown }) => Promise<void>): void;
  verify(payload: string, signature: string): Promise<boolean>;
  verifyAndReceive(event: {
    id: string;
    name: string;
    payload: string;
    signature: string;
  }): Promise<void>;
}

interface Options extends ReceptionOptions {
  readonly webhooks: Webhooks;
}

/**
 * The webhook route: signature, then what is durable, then the answer. Nothing of GitHub's or
 * Copilot's API is called before the answer, so that GitHub never waits for the work itself.
 */
export function createWebhookRoute(options: Options) {
  const { webhooks, log } = options;
  const receive = createReception(options);
  // Probot's handlers return nothing: what came of one request is carried beside it.
  const requests = new AsyncLocalStorage<{ answer: Answer }>();

  webhooks.onAny(async ({ id: deliveryId, name, payload }) => {
    const request = requests.getStore();
    if (request === undefined) return;
    try {
      request.answer = await receive({ name, deliveryId, payload });
    } catch (error) {
      // The answer stays 500: GitHub shows the delivery as failed.
      log.error({ deliveryId, event: name, err: error }, "webhook not understood");
    }
  });

  async function answer(request: IncomingMessage): Promise<Answer> {
    const head = readHead(request);
    if ("status" in head) return head;
    const payload = await readBody(request);
    if (payload === null) return TOO_LARGE;
    // Before Probot does, which would log an error for what any stranger can send.
    if (!(await webhooks.verify(payload, head.signature))) return WRONG_SIGNATURE;
    const result = { answer: refusal(500, "The bot did not handle this event.") };
    try {
      await requests.run(result, () => webhooks.verifyAndReceive({ ...head, payload }));
      return result.answer;
    } catch {
      // The handler answers by itself: only a body that is no JSON object gets here.
      return NO_OBJECT;
    }
  }

  return async (request: IncomingMessage): Promise<Answer> => {
    const given = await answer(request);
    if (given.status >= 400) log.warn({ status: given.status }, "webhook refused");
    return given;
  };
}

const TOO_LARGE = {
  ...refusal(413, "The body is larger than 25 MB."),
  headers: { connection: "close" },
};
const WRONG_SIGNATURE = refusal(
  401,
  "The signature does not match: check WEBHOOK_SECRET and the App's webhook secret.",
);

function readHead({ headers }: IncomingMessage) {
  if (headers["content-type"]?.split(";")[0]?.trim().toLowerCase() !== "application/json") {
    return refusal(415, "Set the content type of the webhook to application/json.");
  }
  const name = headers["x-github-event"];
  const id = headers["x-github-delivery"];
  const signature = headers["x-hub-signature-256"];
  if (typeof name !== "string" || !/^[a-z][a-z_]{0,63}$/u.test(name)) {
    return refusal(400, "The header X-GitHub-Event is missing or malformed.");
  }
  if (typeof id !== "string" || !/^[\w-]{1,64}$/u.test(id)) {
    return refusal(400, "The header X-GitHub-Delivery is missing or malformed.");
  }
  if (typeof signature !== "string") {
    return refusal(401, "The header X-Hub-Signature-256 is missing: set a secret for the webhook.");
  }
  if (!/^sha256=[0-9a-f]{64}$/u.test(signature)) return WRONG_SIGNATURE;
  return { name, id, signature };
}
