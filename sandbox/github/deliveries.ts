import { createHmac, randomUUID } from "node:crypto";
import type { Json } from "./shapes.ts";

/** One attempt to deliver a webhook. */
export interface Delivery {
  /** `X-GitHub-Delivery`: the same for each attempt. */
  readonly id: string;
  readonly event: string;
  /** Empty for an event that has no actions, such as `delete`. */
  readonly action: string;
  readonly payload: Json;
  /** What the bot answered; null when there was no answer, or the delivery was lost on purpose. */
  readonly statusCode: number | null;
  readonly redelivery: boolean;
  /** When it was sent, in milliseconds since the epoch. */
  readonly at: number;
}

/** An event before it has a delivery id. */
export interface Event {
  readonly event: string;
  readonly action: string;
  readonly payload: Json;
}

/** Which deliveries get lost. */
export interface DeliveryMatch {
  readonly event: string;
  readonly action?: string;
}

/** The App's hook: signs, sends and remembers. */
export interface Deliveries {
  /** The attempts, in the order in which they were settled. */
  readonly settled: readonly Delivery[];
  readonly deliverTo: (url: string) => void;
  loseNext(match: DeliveryMatch, times: number): void;
  /** Resolves when the bot has answered, refused, or let GitHub's 10 seconds pass. */
  send(event: Event, id?: string): Promise<Delivery>;
  redeliver(id: string): Promise<Delivery>;
  find(id: string): Delivery;
  close(): Promise<void>;
}

/** Makes the hook of an App; `announce` is called when a delivery is settled. */
export function createDeliveries(appId: number, secret: string, announce: () => void): Deliveries {
  const settled: Delivery[] = [];
  const losses: { match: DeliveryMatch; times: number }[] = [];
  const stopping = new AbortController();
  const underWay = new Set<Promise<Delivery>>();
  let target: string | undefined;

  function lost({ event, action }: Event): boolean {
    const loss = losses.find(
      ({ match, times }) =>
        times > 0 && match.event === event && (match.action ?? action) === action,
    );
    if (loss === undefined) return false;
    loss.times -= 1;
    return true;
  }

  async function attempt(event: Event, id: string, redelivery: boolean): Promise<Delivery> {
    const at = Date.now();
    const statusCode =
      target === undefined || lost(event)
        ? null
        : await post(target, event, id, { appId, secret, signal: stopping.signal });
    const { event: name, action, payload } = event;
    const delivery = { id, event: name, action, payload, statusCode, redelivery, at };
    settled.push(delivery);
    announce();
    return delivery;
  }

  async function track(event: Event, id: string, redelivery: boolean): Promise<Delivery> {
    const delivery = attempt(event, id, redelivery);
    underWay.add(delivery);
    try {
      return await delivery;
    } finally {
      underWay.delete(delivery);
    }
  }

  function find(id: string): Delivery {
    const delivery = settled.find((candidate) => candidate.id === id);
    if (delivery === undefined) throw new Error(`No delivery ${id} has been sent`);
    return delivery;
  }

  return {
    settled,
    deliverTo: (url) => void (target = url),
    loseNext: (match, times) => void losses.push({ match, times }),
    send: (event, id = randomUUID()) => track(event, id, false),
    redeliver: async (id) => track(find(id), id, true),
    find,
    async close() {
      stopping.abort();
      await Promise.all(underWay);
    },
  };
}

interface Hook {
  readonly appId: number;
  readonly secret: string;
  readonly signal: AbortSignal;
}

async function post(target: string, event: Event, id: string, hook: Hook): Promise<number | null> {
  const body = JSON.stringify(event.payload);
  const sign = (hash: string) => createHmac(hash, hook.secret).update(body).digest("hex");
  const headers = {
    accept: "*/*",
    connection: "close",
    "content-type": "application/json",
    "user-agent": "GitHub-Hookshot/044aadd",
    "x-github-delivery": id,
    "x-github-event": event.event,
    "x-github-hook-id": "1",
    "x-github-hook-installation-target-id": `${hook.appId}`,
    "x-github-hook-installation-target-type": "integration",
    "x-hub-signature": `sha1=${sign("sha1")}`,
    "x-hub-signature-256": `sha256=${sign("sha256")}`,
  };
  const signal = AbortSignal.any([hook.signal, AbortSignal.timeout(10_000)]);
  try {
    const init = { method: "POST", headers, body, signal, redirect: "manual" } as const;
    const response = await fetch(target, init);
    await response.body?.cancel();
    return response.status;
  } catch {
    // No listener, a closed connection, or too late: GitHub lists such a delivery without a status.
    return null;
  }
}
