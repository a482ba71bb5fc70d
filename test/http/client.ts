import { createHmac } from "node:crypto";
import type { OutgoingHttpHeaders } from "node:http";
import { request } from "node:http";
import { connect } from "node:net";
import { payloadOf } from "../core/payloads.ts";
import { SECRET } from "./started.ts";

/** A webhook as GitHub sends it, by default. */
export interface Delivery {
  readonly event?: string;
  readonly deliveryId?: string;
  readonly body?: string;
  /** Undefined takes a header away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/** The body of a label that starts a task. */
export function labeled(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify(
    payloadOf("issues.labeled", { "label.name": "copilot:triage", ...changes }),
  );
}

/** The body of a comment. */
export function commented(body: string, changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify(payloadOf("issue_comment.created", { "comment.body": body, ...changes }));
}

/** The signature of a body, as GitHub makes it. */
export function signatureOf(body: string, secret = SECRET): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

export function headersOf(delivery: Delivery): Record<string, string> {
  const { event = "issues", deliveryId = "delivery-1", body = labeled() } = delivery;
  const headers = {
    "content-type": "application/json",
    "x-github-event": event,
    "x-github-delivery": deliveryId,
    "x-hub-signature-256": signatureOf(body),
    ...delivery.headers,
  };
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}

/** Delivers a webhook. */
export async function deliver(url: string, delivery: Delivery = {}): Promise<Answered> {
  const { body = labeled() } = delivery;
  const response = await fetch(url, {
    method: "POST",
    headers: headersOf(delivery),
    // Text would get a content type of its own where the delivery has none.
    body: new TextEncoder().encode(body),
  });
  return { status: response.status, body: await response.json() };
}

/** Requests a path, with these headers. */
export async function ask(
  url: string,
  method = "GET",
): Promise<Answered & { allow: string | null }> {
  const response = await fetch(url, { method });
  const text = await response.text();
  const body: unknown = text === "" ? null : JSON.parse(text);
  return { status: response.status, body, allow: response.headers.get("allow") };
}

/** Sends parts one by one on a connection of its own; resolves with the answer, which may come before their end. */
export function upload(
  url: string,
  headers: OutgoingHttpHeaders,
  parts: Iterable<Buffer>,
): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  const outgoing = request(url, { method: "POST", headers, agent: false }, (response) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => (text += chunk));
    response.on("end", () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
  });
  outgoing.on("error", reject);
  const left = parts[Symbol.iterator]();
  const write = (): void => {
    const { value, done = false } = left.next();
    if (done) outgoing.end();
    else if (outgoing.write(value)) setImmediate(write);
    else outgoing.once("drain", write);
  };
  write();
  return promise;
}

/** Sends bytes and nothing more; resolves with all that comes back until the server hangs up. */
export function stall(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let received = "";
  const socket = connect(Number(port), hostname, () => socket.write(text));
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => (received += chunk));
  socket.on("error", reject);
  socket.on("close", () => resolve(received));
  return promise;
}
