import type { Deliveries, Delivery } from "./deliveries.ts";
import { pageOf } from "./pages.ts";
import type { Answer, Ask, Json } from "./shapes.ts";
import { failure, json, timestamp, trusted } from "./shapes.ts";

/** Answers what the App asks about its hook's deliveries; undefined for other requests. */
export function answerAboutHook(ask: Ask, deliveries: Deliveries): Answer | undefined {
  const route = /^\/app\/hook\/deliveries(?:\/(?<number>\d+)(?<attempts>\/attempts)?)?$/;
  const found = route.exec(ask.path);
  if (found === null) return undefined;
  const { number, attempts } = found.groups ?? {};
  if (number === undefined) return pageOf(deliveries.settled.map(summary).toReversed(), ask);
  const delivery = deliveries.settled[Number(number) - 1];
  if (delivery === undefined) return failure(404, "Not Found");
  if (attempts === undefined) return json(200, detail(delivery, Number(number) - 1));
  void deliveries.redeliver(delivery.id);
  return json(202, {});
}

interface Told {
  readonly installation: { readonly id: number };
  readonly repository?: { readonly id: number };
}

/** GitHub numbers the attempts; the delivery's id, the same for each of them, is its `guid`. */
function summary(delivery: Delivery, index: number): Json {
  const { id, event, action, payload, statusCode, redelivery, at } = delivery;
  const { installation, repository } = trusted<Told>(payload);
  return {
    id: index + 1,
    guid: id,
    delivered_at: timestamp(new Date(at)),
    redelivery,
    duration: 0,
    status: statusCode === null ? "failed to connect to host" : "OK",
    status_code: statusCode ?? 0,
    event,
    action: action === "" ? null : action,
    installation_id: installation.id,
    repository_id: repository?.id ?? null,
  };
}

function detail(delivery: Delivery, index: number): Json {
  const request = { headers: { "X-GitHub-Delivery": delivery.id }, payload: delivery.payload };
  return { ...summary(delivery, index), request, response: { headers: {}, payload: "" } };
}
