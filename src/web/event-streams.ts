import type { Context } from "hono";
import type { SSEMessage, SSEStreamingApi } from "hono/streaming";
import { streamSSE } from "hono/streaming";
import type { Log } from "../ports/log.ts";
import type { Viewer } from "../ports/viewing.ts";
import { ViewingTrouble } from "../ports/viewing.ts";
import { createTally } from "./tally.ts";
import type { Visits } from "./visits.ts";

/** Where an event stream's events go. */
export interface EventSink {
  /** Resolves when the browser takes more. */
  readonly send: (
    event: Pick<SSEMessage, "event" | "id"> & { readonly data: string },
  ) => Promise<void>;
  /** Aborted when the stream has ended. */
  readonly signal: AbortSignal;
}

/** What an event stream shows. */
export interface EventStreamRoute {
  /** Asked before the stream opens, and again every few seconds. False is answered as what isn't there. */
  mayWatch(c: Context, viewer: Viewer): Promise<boolean>;
  /** Sends events until the sink's signal is aborted. What it rejects with ends the stream. */
  run(c: Context, viewer: Viewer, sink: EventSink): Promise<void>;
}

/** Who watches. */
interface Watcher {
  /** Of the session. */
  readonly id: string;
  readonly viewer: Viewer;
}

/** With what event streams are opened. */
export interface EventStreamOptions {
  readonly visits: Pick<Visits, "isOver">;
  readonly log: Pick<Log, "error">;
  /** How often a stream's session and rights are checked, in milliseconds. */
  readonly streamCheckMs?: number;
}

/** The event streams of the pages. */
interface EventStreams {
  open(c: Context, watcher: Watcher, route: EventStreamRoute): Promise<Response>;
}

/** In milliseconds: a session or a right that has ended ends the streams soon. */
const CHECK_MS = 10_000;
/** Of one session, at once. */
const MAX_STREAMS = 20;

/** Opens event streams, and ends them. */
export function createEventStreams({
  visits,
  log,
  streamCheckMs = CHECK_MS,
}: EventStreamOptions): EventStreams {
  const tally = createTally(MAX_STREAMS);

  async function mayGoOn(c: Context, { viewer }: Watcher, route: EventStreamRoute) {
    try {
      return !(await visits.isOver(c)) && (await route.mayWatch(c, viewer));
    } catch (error) {
      // Whatever nobody knows for sure anymore isn't shown.
      if (!(error instanceof ViewingTrouble)) log.error({ err: error }, "event stream not checked");
      return false;
    }
  }

  /** Ends when the signal is aborted; aborts it when the viewer may not go on. */
  function check(end: AbortController, stream: SSEStreamingApi, mayStay: () => Promise<boolean>) {
    const timer = setInterval(() => {
      // So that nothing in between takes the connection for dead.
      void stream.write(":\n\n");
      void mayStay().then((stays) => stays || end.abort());
    }, streamCheckMs);
    end.signal.addEventListener("abort", () => clearInterval(timer));
  }

  return {
    async open(c, watcher, route) {
      if (!(await route.mayWatch(c, watcher.viewer))) return c.notFound();
      const release = tally.begin(watcher.id);
      if (release === null) return c.text("Too many pages are open.", 429);
      const response = streamSSE(c, async (stream) => {
        const end = new AbortController();
        const { signal } = end;
        stream.onAbort(() => end.abort());
        check(end, stream, () => mayGoOn(c, watcher, route));
        const sink: EventSink = { signal, send: (event) => stream.writeSSE(event) };
        try {
          await Promise.race([route.run(c, watcher.viewer, sink), aborted(signal)]);
        } catch (error) {
          if (!(error instanceof ViewingTrouble)) log.error({ err: error }, "event stream failed");
        } finally {
          end.abort();
          release();
        }
      });
      // The server closes the connection then, as of every page.
      response.headers.delete("connection");
      response.headers.set("cache-control", "no-store");
      return response;
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}
