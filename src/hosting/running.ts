import type { Failure } from "../core/task/failure.ts";
import { failureOfLimit } from "../core/task/machine-failure.ts";
import { GO_ON } from "../core/prompt/go-on.ts";
import type { Observation } from "../core/session/observation.ts";
import type { LocalCopilot, LocalRequest, LocalSession } from "../ports/local-sessions.ts";
import type { HostedRequest, HostedSession, HostedTokens } from "../ports/session-host.ts";
import type { Tracing } from "../ports/tracing.ts";
import type { PushOutcome, Workspace } from "../ports/workspaces.ts";
import type { SessionNotes } from "./notes.ts";
import { createNotes } from "./notes.ts";
import type { SessionRecord, SessionRecords } from "./records.ts";
import type { PreparedSandbox, SandboxOptions } from "./sandbox.ts";
import { prepareSandbox } from "./sandbox.ts";
import { createHostedSharing, sharingAgain } from "./sharing.ts";

/** What running a session takes. */
export interface RunningParts {
  readonly sandbox: SandboxOptions;
  readonly copilot: LocalCopilot;
  readonly records: SessionRecords;
  /** This machine's name. */
  readonly machine: string;
  readonly push: (request: HostedRequest, token: string) => Promise<PushOutcome>;
  readonly tracing: Pick<Tracing, "span">;
}

/** Where a session's files are on this machine. */
export interface SessionFiles {
  readonly workspace: Workspace;
  readonly state: string;
}

interface Wanted {
  readonly request: HostedRequest;
  readonly tokens: HostedTokens;
  readonly files: SessionFiles;
  /** Resolves when the workspace has its files. */
  readonly checkedOut?: Promise<unknown>;
}

/** What came of starting a session's runtime. */
export type Run =
  | { readonly type: "running"; readonly session: HostedSession; readonly ended: Promise<void> }
  | { readonly type: "failed"; readonly failure: Failure };

/** Starts the runtime of a new session in a sandbox. */
export async function runNew(parts: RunningParts, wanted: Wanted): Promise<Run> {
  const record = { sessionId: wanted.request.sessionId, ...FRESH };
  await parts.records.write(wanted.request.taskId, record);
  const { files, tokens, request } = wanted;
  const sharedIds: string[] = [];
  const places = { ...files, sharedIds };
  const { tracing, copilot } = parts;
  const prepare = () => prepareSandbox(parts.sandbox, request, tokens, places);
  const sandbox = await tracing.span("sandbox", prepare);
  const notes = createNotes(parts, request.taskId, record);
  const opening = await tracing
    .span("runtime start", async (span) => {
      const came = await copilot.open(localRequest(wanted, sandbox));
      if (came.type === "failed") span.fail(came.failure.code);
      return came;
    })
    .catch(closing(sandbox, notes));
  if (opening.type === "failed") {
    notes.close();
    await sandbox.close();
    return opening;
  }
  const local = opening.session;
  return running(parts, wanted, { sandbox, local, notes, resumptions: 0, sharedIds });
}

const FRESH = {
  isWorking: false,
  resumptions: 0,
  isShared: null,
  sharedIds: [],
  ranMs: 0,
  ended: null,
};

/** How often in a row a runtime is started again for an agent that doesn't get anywhere. */
const MAX_RESUMPTIONS = 5;

const CRASHES: Failure = {
  code: "runtime_crashed",
  message: `the runtime of the session ended ${MAX_RESUMPTIONS} times in a row`,
  nothingCreated: false,
};

/** Starts another runtime for a session whose runtime has ended; an agent that was at work goes on. Null if there's none. */
export async function runAgain(
  parts: RunningParts,
  wanted: Wanted,
  before: SessionRecord,
): Promise<Run | null> {
  if (before.resumptions >= MAX_RESUMPTIONS) return { type: "failed", failure: CRASHES };
  const { limits } = parts.sandbox;
  const time = limits.time - before.ranMs;
  if (time <= 0) return outOfTime(parts, wanted, before);
  const sharedIds = [...before.sharedIds];
  const places = { ...wanted.files, sharedIds };
  const options = { ...parts.sandbox, limits: { ...limits, time } };
  const { tracing, copilot } = parts;
  const prepare = () => prepareSandbox(options, wanted.request, wanted.tokens, places);
  const sandbox = await tracing.span("sandbox", prepare);
  // Its start counts, too: what an agent has left behind may take long to start.
  const notes = createNotes(parts, wanted.request.taskId, before);
  const asked = localRequest(wanted, sandbox);
  const sharing = sharingAgain(asked.sharing, before);
  const local = await tracing
    .span("runtime start", () => copilot.attach({ ...asked, sharing }))
    .catch(closing(sandbox, notes));
  if (local === null) {
    notes.close();
    await sandbox.close();
    return null;
  }
  // What keeps a runtime from starting isn't the session's fault.
  const resumptions = before.resumptions + 1;
  const run = running(parts, wanted, { sandbox, local, notes, resumptions, sharedIds });
  const wasAtWork = before.isWorking || local.wasInterrupted;
  if (local.hasPrompt && wasAtWork) await local.say(GO_ON);
  return run;
}

/** It has ended for good, also if the machine was killed before that was noted. */
async function outOfTime(
  { records }: RunningParts,
  { request }: Wanted,
  before: SessionRecord,
): Promise<Run> {
  await records.write(request.taskId, { ...before, ended: "time" });
  return { type: "failed", failure: failureOfLimit("time") };
}

/** Nothing of a sandbox stays whose runtime couldn't be asked. */
function closing(sandbox: PreparedSandbox, notes: SessionNotes) {
  return async (error: unknown): Promise<never> => {
    notes.close();
    await sandbox.close();
    throw error;
  };
}

function localRequest(
  { request, tokens, checkedOut }: Wanted,
  { place }: PreparedSandbox,
): LocalRequest {
  const { terms, commit: branch, ...rest } = request;
  const wanted = { ...rest, ...tokens.copilot, branch, place, sharing: terms.sharing };
  return checkedOut === undefined ? wanted : { ...wanted, checkedOut };
}

interface Started {
  readonly sandbox: PreparedSandbox;
  readonly local: LocalSession;
  readonly notes: SessionNotes;
  readonly resumptions: number;
  /** What its broker adds to. */
  readonly sharedIds: readonly string[];
}

function running(
  parts: RunningParts,
  { request }: Wanted,
  { sandbox, local, notes, resumptions, sharedIds }: Started,
): Extract<Run, { type: "running" }> {
  const {
    machine,
    sandbox: {
      isolation: { isIsolated },
      log,
    },
  } = parts;
  notes.note({ resumptions, sharedIds: [...sharedIds] });
  const stopNoting = noteWork(local, notes);
  const sharing = createHostedSharing(local, (change) =>
    notes.note({ ...change, sharedIds: [...sharedIds] }),
  );
  if (local.processId !== null) sandbox.watch(local.processId);
  const ended = Promise.withResolvers<void>();
  const end = async () => {
    stopNoting();
    notes.close();
    try {
      // The SDK waits for the process, which may take until it has said all it has to say.
      await local.detach();
      const limit = await sandbox.close();
      if (limit !== null) notes.note({ ended: limit });
    } catch (err) {
      log.error({ taskId: request.taskId, err }, "sandbox of a session couldn't be ended in order");
    } finally {
      ended.resolve();
    }
  };
  if (local.lost.aborted) void end();
  else local.lost.addEventListener("abort", () => void end(), { once: true });
  const session: HostedSession = {
    ...local,
    // The bot has checked it out, and the comment says so.
    branch: null,
    async detach() {
      if (!local.lost.aborted) notes.endInOrder();
      await local.detach();
      await ended.promise;
    },
    hosted: {
      machine,
      isIsolated,
      get shared() {
        return sharing.now();
      },
      hasPrompt: local.hasPrompt,
      share: () => sharing.share(),
      unshare: () => sharing.unshare(),
      usage: () => local.usage(),
      push: (token) => parts.push(request, token),
    },
  };
  return { type: "running", session, ended: ended.promise };
}

/** Keeps whether the agent is at work, and that it gets somewhere. @returns ends that */
function noteWork(local: LocalSession, notes: SessionNotes): () => void {
  const since = new Date().toISOString();
  return local.observe((observation) => {
    const isWorking = workingAfter(observation);
    if (isWorking !== null && isWorking !== notes.now.isWorking) notes.note({ isWorking });
    // What it said before doesn't count.
    const isNew = observation.at > since;
    if (isNew && observation.type === "said" && notes.now.resumptions > 0)
      notes.note({ resumptions: 0 });
  });
}

/** Whether the agent is at work after this; null where it says nothing about that. */
function workingAfter({ type }: Observation): boolean | null {
  switch (type) {
    case "working":
      return true;
    case "idle":
    case "completed":
    case "failed":
    case "aborted":
      return false;
    default:
      return null;
  }
}
