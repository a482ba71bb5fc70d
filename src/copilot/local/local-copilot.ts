import type { CopilotSession, SessionEvent } from "@github/copilot-sdk";
import pTimeout from "p-timeout";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import { GITHUB_COM } from "../../core/github/hosts.ts";
import type { Failure } from "../../core/task/failure.ts";
import type {
  LocalCopilot,
  LocalPlace,
  LocalRequest,
  LocalSession,
} from "../../ports/local-sessions.ts";
import type { Log } from "../../ports/log.ts";
import type { Timeouts } from "../../ports/timeouts.ts";
import { lookUpAccount } from "../checkup.ts";
import type { RuntimeProcess } from "../client.ts";
import { createClient, endByItself, processIdOf } from "../client.ts";
import type { RuntimeLease } from "../lease.ts";
import { createLinkReader } from "../link-reader.ts";
import { startRuntime, stopRuntime } from "../process.ts";
import { failureOfError, refusalOf } from "../refusal-of.ts";
import { createHeldRequests } from "../requests.ts";
import { endWithToken, logOf } from "../session-start.ts";
import { applySettings } from "../session-settings.ts";
import { boundedLog } from "./bounded-log.ts";
import { guardProcess } from "./guarded.ts";
import { createLocalSession, isUnfinished } from "./local-session.ts";
import { repositoryOf, sessionOptions } from "./session-options.ts";
import { createSharing } from "./share.ts";

interface Options {
  readonly timeouts: Pick<Timeouts, "startMs" | "deliveryMs" | "confirmMs">;
  readonly log: Pick<Log, "info" | "warn">;
  /** The bot's own environment: how it reaches GitHub to ask for an account. The runtime gets nothing of it. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly hosts?: GitHubHosts;
}

/** How long Mission Control may take to share a session. */
const SHARE_MS = 30_000;
const ACCOUNT_MS = 10_000;
const END_MS = 10_000;

/** Opens local sessions over the SDK, on either family of runtimes. */
export function createLocalCopilot(options: Options): LocalCopilot {
  return {
    backend: "local",
    async open(request) {
      let place: Place;
      try {
        place = await takePlace(options, request);
      } catch (error) {
        await request.checkedOut;
        const message = `the runtime does not start: ${refusalOf(error).message}`;
        return failed({ code: "runtime_crashed", message, nothingCreated: true });
      }
      try {
        await request.checkedOut;
        const session = await create(place, request, options);
        return { type: "started", session };
      } catch (error) {
        place.log.close();
        await place.stop();
        await request.checkedOut;
        return failed({ ...failureOfError(error), nothingCreated: true });
      }
    },
    async attach(request) {
      let place: Place | null = null;
      try {
        place = await takePlace(options, request);
        return await resume(place, request, options);
      } catch (err) {
        options.log.warn({ sessionId: request.sessionId, err }, "local session can't be resumed");
        place?.log.close();
        await place?.stop();
        if (NOT_FOUND.test(refusalOf(err).message)) return null;
        throw err;
      }
    },
    async rehearse(place) {
      const client = clientIn(place, {});
      try {
        await client.start();
        await client.getStatus();
        await pTimeout(endByItself(client), { milliseconds: END_MS });
      } finally {
        await client.forceStop();
      }
    },
  };
}

/** What both families say of a session that they don't have. */
const NOT_FOUND = /Session not found/u;

/** A runtime for one session. */
interface Place {
  readonly client: RuntimeLease["client"];
  readonly processId: number | null;
  readonly log: ReturnType<typeof logOf>;
  readonly stop: () => Promise<void>;
}

function clientIn(
  { command, state, variables }: LocalPlace,
  additions: Readonly<Record<string, string>>,
  onProcess: (child: RuntimeProcess) => void = () => {},
): RuntimeLease["client"] {
  return createClient({
    directory: state,
    // What the runtime sees as its workspace may be elsewhere for this process.
    workingDirectory: "/",
    variables: {},
    additions: { ...variables, ...additions },
    program: command.program,
    programArguments: command.args,
    onProcess,
  });
}

async function takePlace({ log }: Options, request: LocalRequest): Promise<Place> {
  const { sessionId } = request;
  let child: RuntimeProcess | null = null;
  const endFlood = (what: string) => {
    if (child?.killed === false)
      log.warn(
        { sessionId, what },
        "Copilot runtime of a local session sent too much, and was ended",
      );
    child?.kill("SIGKILL");
  };
  const client = clientIn(request.place, repositoryOf(request), (started) => {
    child = started;
    guardProcess(started, endFlood);
  });
  const end = () => log.warn({ sessionId }, "Copilot runtime of a local session exited");
  const starting = startRuntime(client, () => Promise.resolve(null), end);
  const { process } = await starting.catch(async (error: unknown) => {
    await client.forceStop();
    throw error;
  });
  let stopping: Promise<void> | null = null;
  const stop = () => {
    // One that is gone has nothing to be asked.
    stopping ??= process.gone.aborted ? client.forceStop() : stopRuntime(process);
    return stopping;
  };
  const displaced = new AbortController().signal;
  const lease = { ...process, displaced, idle() {}, release: () => void stop() };
  return { client, processId: processIdOf(client), log: boundedLog(logOf(lease), endFlood), stop };
}

async function create(
  place: Place,
  request: LocalRequest,
  options: Options,
): Promise<LocalSession> {
  const { client, log } = place;
  const requests = createHeldRequests(log);
  const creating = client.createSession({
    ...sessionOptions(request, requests.options, (event) => log.add(event)),
    sessionId: request.sessionId,
  });
  const session = await pTimeout(creating, { milliseconds: options.timeouts.startMs });
  return use(
    { ...place, session, requests, request, wasInterrupted: false, hasPrompt: false },
    options,
  );
}

async function resume(
  place: Place,
  request: LocalRequest,
  options: Options,
): Promise<LocalSession> {
  const { client, log } = place;
  const requests = createHeldRequests(log);
  const early: SessionEvent[] = [];
  let take = (event: SessionEvent): void => void early.push(event);
  // `continuePendingWork` would run a tool again that had been allowed once, without asking (1.0.80).
  const resuming = client.resumeSession(
    request.sessionId,
    sessionOptions(request, requests.options, (event) => take(event)),
  );
  const session = await pTimeout(resuming, { milliseconds: options.timeouts.startMs });
  const events = await session.getEvents();
  const resumed = events.findLastIndex(({ type }) => type === "session.resume");
  const past = resumed === -1 ? events : events.slice(0, resumed);
  requests.takePast(() => {
    for (const event of past) log.add(event);
  });
  log.add(idleAt((events[past.length] ?? past.at(-1))?.timestamp));
  take = (event) => log.add(event);
  for (const event of [...events.slice(past.length), ...early]) take(event);
  const wasInterrupted = isUnfinished(past);
  const hasPrompt = past.some(({ type }) => type === "user.message");
  return use({ ...place, session, requests, request, wasInterrupted, hasPrompt }, options);
}

/** A resumed agent does nothing, and waits for nothing; that one was idle before isn't kept among its events. */
function idleAt(timestamp = new Date().toISOString()): SessionEvent {
  const id = `idle since ${timestamp}`;
  return { type: "session.idle", id, timestamp, parentId: null, ephemeral: true, data: {} };
}

interface Used extends Place {
  readonly session: CopilotSession;
  readonly requests: ReturnType<typeof createHeldRequests>;
  readonly request: LocalRequest;
  readonly wasInterrupted: boolean;
  readonly hasPrompt: boolean;
}

async function use(used: Used, options: Options): Promise<LocalSession> {
  const { session, log, request } = used;
  const { hosts = GITHUB_COM, variables, timeouts } = options;
  const linkReader = createLinkReader(hosts, options.log);
  const settings = await applySettings(session, request);
  const { token } = request;
  const account = () =>
    lookUpAccount({ token, hosts, variables, signal: AbortSignal.timeout(ACCOUNT_MS) }).catch(
      () => null,
    );
  const readLink = linkReader(session.sessionId);
  const sharing = createSharing({ session, log, readLink, account, withinMs: SHARE_MS });
  const shared = request.sharing === "always" ? await sharing.share() : null;
  endWithToken({ session, log, wanted: request });
  const { deliveryMs, confirmMs } = timeouts;
  return createLocalSession(
    { ...used, settings, sharing, shared },
    { deliveryMs, confirmMs, linkReader },
  );
}

function failed(failure: Failure) {
  return { type: "failed", failure } as const;
}
