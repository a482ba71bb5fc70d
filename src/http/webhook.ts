import type { IncomingMessage } from "node:http";
import type { WebhookResult } from "../core/metrics/measured.ts";
import { followedEvent } from "../core/webhook/read-webhook.ts";
import type { Measure } from "../ports/metrics.ts";
import type { Answer } from "./answer.ts";
import { refusal } from "./answer.ts";
import { readBody } from "./body.ts";
import { createBodyBudget } from "./body-budget.ts";
import type { ReceptionOptions, WebhookAnswer } from "./reception.ts";
import { createReception } from "./reception.ts";
import { createVerification, digestIn } from "./signature.ts";

interface Options extends ReceptionOptions {
  /** With which GitHub signs webhooks. */
  readonly secret: string;
  /** How many bytes of bodies may wait for their signature to be checked, over all requests. */
  readonly maxUnverifiedBytes: number;
  /** How many genuine webhooks are received at once: pages need connections, too. */
  readonly maxAtOnce?: number;
  readonly measure?: Measure | undefined;
}

/** An answer, what it's counted as, and for which event; null where nothing proves that GitHub has sent it. */
interface Counted extends WebhookAnswer {
  readonly event: string | null;
}

/**
 * The webhook route: signature, then what is durable, then the answer. Nothing of GitHub's or
 * Copilot's API is called before the answer, so that GitHub never waits for the work itself.
 *
 * Probot's own way from the body to a handler is not taken: it makes a client of GitHub for every webhook,
 * which nothing here asks for, and what a handler finds out cannot become the answer.
 */
export function createWebhookRoute(options: Options) {
  const { secret, log, measure, maxAtOnce = Infinity } = options;
  const isGenuine = createVerification(secret);
  const receive = createReception(options);
  const budget = createBodyBudget(options.maxUnverifiedBytes);
  let atOnce = 0;

  async function answer(request: IncomingMessage): Promise<Counted> {
    const head = readHead(request);
    if (head.type === "refused") return head.answer;
    const body = await readBody(request, budget);
    if (body === "too large") return TOO_LARGE;
    if (body === "no room") return NO_ROOM;
    const { chunks, giveBack } = body;
    giveBack();
    if (!isGenuine(chunks, head.digest)) return WRONG_SIGNATURE;
    if (atOnce >= maxAtOnce) return NO_ROOM;
    atOnce += 1;
    return understand(head, chunks).finally(() => (atOnce -= 1));
  }

  /**
   * Waits for nothing itself: what was parsed, a hundred times the objects of a task, must not be held –
   * and copied by the garbage collector – until the task is written.
   */
  function understand(
    { name, deliveryId }: Pick<Head, "name" | "deliveryId">,
    chunks: readonly Buffer[],
  ): Promise<Counted> {
    const payload = parse(chunks);
    if (payload === undefined) return Promise.resolve(NO_OBJECT);
    const webhook = { name, deliveryId, payload };
    const event = measure === undefined ? null : followedEvent(webhook);
    return orFailed({ name, deliveryId }, event, receive(webhook));
  }

  async function orFailed(
    delivery: Pick<Head, "name" | "deliveryId">,
    event: string | null,
    answering: Promise<WebhookAnswer>,
  ): Promise<Counted> {
    try {
      return { ...(await answering), event };
    } catch (err) {
      // GitHub shows the delivery as failed.
      log.error({ ...delivery, err }, "webhook not understood");
      return { ...refusal(500, "The bot didn't handle this event."), result: "failed", event };
    }
  }

  return async (request: IncomingMessage): Promise<Answer> => {
    const began = performance.now();
    const given = await answer(request);
    const { status, result, event } = given;
    if (status >= 400) log.warn({ status }, "webhook refused");
    const seconds = (performance.now() - began) / 1_000;
    measure?.({ type: "webhook", event: event ?? "unverified", result, seconds });
    return given;
  };
}

/** The JSON object that a body is; undefined when it is none. */
function parse(chunks: readonly Buffer[]): object | undefined {
  const [first = Buffer.alloc(0)] = chunks;
  const body = chunks.length > 1 ? Buffer.concat(chunks) : first;
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const NO_OBJECT = refusedAs("bad_request", 400, "The body isn't a JSON object.");
const TOO_LARGE = {
  ...refusedAs("too_large", 413, "The body is larger than 25 MB."),
  headers: { connection: "close" },
};
/** In seconds: the attack may be over by then, and GitHub doesn't repeat it by itself anyway. */
const RETRY_AFTER = "10";
const NO_ROOM = {
  ...refusedAs("no_room", 503, "Too many webhooks are arriving at once. Redeliver this one later."),
  headers: { connection: "close", "retry-after": RETRY_AFTER },
};
const WRONG_SIGNATURE = refusedAs(
  "wrong_signature",
  401,
  "The signature doesn't match. Set WEBHOOK_SECRET to the App's webhook secret.",
);

interface Head {
  readonly type: "head";
  readonly name: string;
  readonly deliveryId: string;
  /** What the signature says. */
  readonly digest: Buffer;
}

interface Refused {
  readonly type: "refused";
  readonly answer: Counted;
}

function refused(...args: Parameters<typeof refusal>): Refused {
  return { type: "refused", answer: refusedAs("bad_request", ...args) };
}

function refusedAs(result: WebhookResult, ...args: Parameters<typeof refusal>): Counted {
  return { ...refusal(...args), result, event: null };
}

function readHead({ headers }: IncomingMessage): Head | Refused {
  if (headers["content-type"]?.split(";")[0]?.trim().toLowerCase() !== "application/json") {
    return refused(415, "Set the content type of the webhook to application/json.");
  }
  const name = headers["x-github-event"];
  const deliveryId = headers["x-github-delivery"];
  const signature = headers["x-hub-signature-256"];
  if (typeof name !== "string" || !/^[a-z][a-z_]{0,63}$/u.test(name)) {
    return refused(400, "The header X-GitHub-Event is missing or malformed.");
  }
  if (typeof deliveryId !== "string" || !/^[\w-]{1,64}$/u.test(deliveryId)) {
    return refused(400, "The header X-GitHub-Delivery is missing or malformed.");
  }
  if (typeof signature !== "string") {
    const missing = "The header X-Hub-Signature-256 is missing. Set a secret for the webhook.";
    return { type: "refused", answer: refusedAs("wrong_signature", 401, missing) };
  }
  const digest = digestIn(signature);
  if (digest === null) return { type: "refused", answer: WRONG_SIGNATURE };
  return { type: "head", name, deliveryId, digest };
}
