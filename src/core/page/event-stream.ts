/**
 * Whether a request is for an event stream, as browsers ask for one: an answer that stays open, and has room and
 * connections of its own. One with a body could arrive for ever, and one that's only for the headers never ends.
 */
export function asksForEvents(method: string | undefined, accept: string | undefined): boolean {
  return method === "GET" && accept?.includes("text/event-stream") === true;
}
