import type { Place } from "./routes.ts";
import type { Ask, Json, Repository, Subject } from "./shapes.ts";
import type { State } from "./state.ts";

/** A request that is about to be performed. */
export interface Request {
  readonly ask: Ask;
  readonly place: Place;
  readonly state: State;
}

/** A request that changed something, with what was there before and what GitHub answered. */
export interface Write extends Request {
  readonly before: unknown;
  readonly after: unknown;
}

/** An event's own part of the payload. */
export interface Part {
  readonly event: string;
  /** Undefined for an event that has no actions. */
  readonly action?: string;
  readonly about: Json;
  /** The repository of the event, where it is not the one of the request's path, or is not there any more. */
  readonly repository?: Repository;
}

/** Which events a request causes. */
export interface Rule {
  readonly methods: readonly string[];
  readonly pattern: RegExp;
  readonly before?: (request: Request) => Promise<unknown>;
  readonly parts: (write: Write) => Promise<readonly Part[]> | readonly Part[];
}

/** What happened to an issue or pull request. */
export async function conversation(
  state: State,
  subject: Subject,
  action: string,
  more: Json,
): Promise<Part> {
  const pull = await state.pull(subject);
  if (pull === undefined) {
    return { event: "issues", action, about: { issue: await state.issue(subject), ...more } };
  }
  const about = { number: pull.number, pull_request: pull, ...more };
  return { event: "pull_request", action, about };
}
