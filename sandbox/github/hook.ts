import type { Deliveries, Delivery } from "./deliveries.ts";
import type { Emulator } from "./emulator.ts";
import { pageOf } from "./pages.ts";
import { installationId } from "./seed.ts";
import type { Answer, Ask, Json } from "./shapes.ts";
import { failure, json, timestamp, trusted } from "./shapes.ts";

/** Answers what the App asks about its hook's deliveries; undefined for other requests. */
export async function answerAboutHook(
  ask: Ask,
  emulator: Emulator,
  deliveries: Deliveries,
): Promise<Answer | undefined> {
  const route = /^\/app\/hook\/deliveries(?:\/(?<number>\d+)(?<attempts>\/attempts)?)?$/;
  const found = route.exec(ask.path);
  if (found === null) return undefined;
  // emulate knows whether the JSON web token is the App's.
  const known = await emulator.ask({
    ...ask,
    method: "GET",
    path: "/app",
    query: "",
    body: undefined,
  });
  if (known.status !== 200) return known;

  const { number, attempts } = found.groups ?? {};
  if (number === undefined) return pageOf(deliveries.settled.map(summary).toReversed(), ask);
  const delivery = deliveries.settled[Number(number) - 1];
  if (delivery === undefined) return failure(404, "Not Found");
  if (attempts === undefined) return json(200, detail(delivery, Number(number) - 1));
  void deliveries.redeliver(delivery.id);
  return json(202, {});
}

/** GitHub numbers the attempts; the delivery's id, the same for each of them, is its `guid`. */
function summary(delivery: Delivery, index: number): Json {
  const { id, event, action, payload, statusCode, redelivery, at } = delivery;
  const { id: repository_id } = trusted<{ readonly id: number }>(payload["repository"]);
  return {
    id: index + 1,
    guid: id,
    delivered_at: timestamp(new Date(at)),
    redelivery,
    duration: 0,
    status: statusCode === null ? "failed to connect to host" : "OK",
    status_code: statusCode ?? 0,
    event,
    action,
    installation_id: installationId,
    repository_id,
  };
}

function detail(delivery: Delivery, index: number): Json {
  const request = { headers: { "X-GitHub-Delivery": delivery.id }, payload: delivery.payload };
  return { ...summary(delivery, index), request, response: { headers: {}, payload: "" } };
}
