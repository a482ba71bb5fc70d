import { traceSession } from "../copilot/traced-session.ts";
import type { HostedControls } from "../ports/hosted-controls.ts";
import type { HostedAttachment, HostedSession, SessionHost } from "../ports/session-host.ts";
import type { OpenSpan, Tracing } from "../ports/tracing.ts";
import type { PushOutcome } from "../ports/workspaces.ts";

/** Does something that a machine is asked for, as a span. */
type Asked = <T>(what: string, work: (span: OpenSpan) => Promise<T>) => Promise<T>;

/** A host with a span for each thing that is asked of it, and of its sessions. */
export function traceHost(host: SessionHost, tracing: Pick<Tracing, "span">): SessionHost {
  const asked: Asked = (what, work) => tracing.span(`machine ${what}`, work, { kind: "client" });
  const traced = (session: HostedSession) => tracedSession(session, tracing, asked);
  return {
    open: (request, tokens, waiting) =>
      asked("open", async (span) => {
        const taken = Promise.withResolvers<void>();
        const onTaken = (machine: string) => {
          taken.resolve();
          waiting.onTaken(machine);
        };
        const opening = host.open(request, tokens, { ...waiting, onTaken });
        void asked("wait", () => taken.promise);
        // Where no machine has taken it, the wait ends with it.
        const came = await opening.finally(taken.resolve);
        if (came.type === "failed") span.fail(came.failure.code);
        else span.set({ "copilot_task.result": came.type });
        return came.type === "started" ? { ...came, session: traced(came.session) } : came;
      }),
    attach: (request, tokens) =>
      asked("attach", async (span) => {
        const came: HostedAttachment = await host.attach(request, tokens);
        span.set({ "copilot_task.result": came.type });
        return came.type === "session" ? { ...came, session: traced(came.session) } : came;
      }),
    push: (request, token) =>
      asked("push", async (span) => noted(span, await host.push(request, token))),
    remove: (request) => asked("remove", () => host.remove(request)),
  };
}

function tracedSession(
  session: HostedSession,
  tracing: Pick<Tracing, "span">,
  asked: Asked,
): HostedSession {
  return { ...traceSession(session, tracing), hosted: tracedControls(session.hosted, asked) };
}

function tracedControls(hosted: HostedControls, asked: Asked): HostedControls {
  const { machine, isIsolated, hasPrompt } = hosted;
  return {
    machine,
    isIsolated,
    hasPrompt,
    get shared() {
      return hosted.shared;
    },
    share: () =>
      asked("share", async (span) => {
        const share = await hosted.share();
        if (share.type === "refused") span.fail(share.failure.code);
        return share;
      }),
    unshare: () => asked("unshare", () => hosted.unshare()),
    usage: () => hosted.usage(),
    push: (token) => asked("push", async (span) => noted(span, await hosted.push(token))),
  };
}

/** What became of the commits. */
function noted(span: OpenSpan, outcome: PushOutcome): PushOutcome {
  const result = outcome.type === "stopped" ? outcome.reason : outcome.type;
  span.set({ "copilot_task.result": result });
  return outcome;
}
