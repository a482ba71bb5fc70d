import type { Failure } from "../core/task/failure.ts";
import type { CloudSession } from "../ports/copilot.ts";
import type { OpenSpan, Tracing } from "../ports/tracing.ts";
import { NO_SPAN } from "../ports/tracing.ts";

/** A session with a span for each thing that is asked of it, and one for the time in which it's observed. */
export function traceSession(session: CloudSession, tracing: Pick<Tracing, "span">): CloudSession {
  const asked = <T>(what: string, work: (span: OpenSpan) => Promise<T>) =>
    tracing.span(`copilot ${what}`, work, { kind: "client" });
  return {
    ...session,
    deliver: (prompt, isWanted) =>
      asked("prompt", async (span) => noted(span, await session.deliver(prompt, isWanted))),
    say: (text) => asked("send", async (span) => noted(span, await session.say(text))),
    abort: () => asked("abort", async (span) => noted(span, await session.abort())),
    answer: (requestId, answer) =>
      asked("answer", async (span) => noted(span, await session.answer(requestId, answer))),
    observe: (listener) => observe(session, listener, tracing),
  };
}

/** What came of it. */
function noted<Result extends string | Failure>(span: OpenSpan, result: Result): Result {
  if (typeof result === "string") span.set({ "copilot_task.result": result });
  else span.fail(result.code);
  return result;
}

/** What is observed is in its span as events: their types alone. */
function observe(
  session: CloudSession,
  listener: Parameters<CloudSession["observe"]>[0],
  tracing: Pick<Tracing, "span">,
): () => void {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let events = NO_SPAN;
  void tracing.span("copilot events", (span) => {
    events = span;
    return ended;
  });
  const stop = session.observe((observation) => {
    events.event(observation.type);
    listener(observation);
  });
  return () => {
    stop();
    resolve();
  };
}
