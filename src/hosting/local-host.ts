import { join } from "node:path";
import { messageOf } from "../core/error/thrown.ts";
import { failureOfIsolation, failureOfLimit } from "../core/task/machine-failure.ts";
import { LimitExceeded } from "../core/isolation/limits.ts";
import { IsolationUnavailable } from "../core/isolation/unavailable.ts";
import type { Failure } from "../core/task/failure.ts";
import { hasLabels } from "../core/worker/machine.ts";
import type { GitAccess } from "../core/workspace/git.ts";
import type {
  HostedAttachment,
  HostedOpening,
  HostedRequest,
  HostedTokens,
  SessionHost,
} from "../ports/session-host.ts";
import type { WorkspaceRequest, Workspaces } from "../ports/workspaces.ts";
import { removeTree } from "../workspace/remove-tree.ts";
import { compileRuntime } from "./compiled.ts";
import { createLive } from "./live.ts";
import { SessionRecords } from "./records.ts";
import { createRooms } from "./rooms.ts";
import type { Run, RunningParts, SessionFiles } from "./running.ts";
import { runAgain, runNew } from "./running.ts";
import { CopilotUnreachable } from "./sandbox.ts";
import { sweepSessions } from "./sweep.ts";

/** What a machine runs sessions with. */
export interface LocalHostOptions extends Pick<RunningParts, "copilot" | "machine" | "tracing"> {
  /** A directory of the bot's own, on the disk where workspaces are; sandboxes can get through it. */
  readonly directory: string;
  readonly workspaces: Workspaces;
  readonly sandbox: Omit<RunningParts["sandbox"], "directory">;
  /** How a repository is fetched and pushed to, without a token. */
  readonly accessTo: (
    request: Pick<HostedRequest, "owner" | "repository">,
  ) => Pick<GitAccess, "protocol" | "url">;
  /** What the machine has: a session that asks for something else doesn't run here. */
  readonly labels: readonly string[];
  /** The most sessions at once. */
  readonly maxSessions: number;
  /** How long what a session leaves behind is kept after it was last at work, in milliseconds. */
  readonly keepMs: number;
}

/** The sessions of one machine. */
export interface LocalHost extends SessionHost {
  /** How many runtimes there are. */
  count(): number;
  /** Makes what lets sessions start faster, unless it's there. Takes seconds; nothing has to wait for it. */
  prepare(): Promise<void>;
  /**
   * Removes what hasn't been used for long. May take minutes.
   *
   * @param isKept whether anything of a task is kept; where that isn't known, of all tasks
   */
  sweep(isKept?: (taskId: string) => Promise<boolean>): Promise<void>;
}

/** Runs sessions on this machine, each in a sandbox of its own. */
export function createLocalHost(options: LocalHostOptions): LocalHost {
  const { workspaces, machine, keepMs } = options;
  const { log } = options.sandbox;
  const records = new SessionRecords(join(options.directory, "sessions"));
  const rooms = createRooms(options.maxSessions);
  const live = createLive();
  const parts: RunningParts = {
    ...options,
    sandbox: { ...options.sandbox, directory: options.directory },
    records,
    push: (request, token) => workspaces.push(workspaceOf(options, request, token)),
  };
  return {
    async open(request, tokens, waiting) {
      const isServed = hasLabels(options.labels, request.terms.labels);
      const room = isServed ? await rooms.take(waiting.withdrawn) : await neverServed(waiting);
      if (room === null) return { type: "withdrawn" };
      waiting.onTaken(machine);
      const run = await live.keep(request, room, async () =>
        begin(parts, options, request, await tokens()),
      );
      return openingOf(run);
    },
    async attach(request, tokens) {
      if ((await records.readOf(request)) === null) return { type: "gone" };
      await live.end(request.taskId);
      const record = await records.readOf(request);
      if (record === null) return { type: "gone" };
      if (record.ended !== null) return { type: "ended", failure: failureOfLimit(record.ended) };
      const files = filesOf(options, request);
      const again = () => runAgain(parts, { request, tokens, files }, record);
      try {
        return attachmentOf(await live.keep(request, rooms.takeNow(), again));
      } catch (err) {
        // It's there, and can't be reached now: nobody may open another one.
        log.warn({ taskId: request.taskId, err }, "runtime of a session isn't started again yet");
        return { type: "away", machine };
      }
    },
    async push(request, token) {
      if ((await records.readOf(request)) === null) throw new Error(`${machine} doesn't have it`);
      return parts.push(request, token);
    },
    remove: (request) =>
      live.remove(request, async () => {
        const record = await records.read(request.taskId);
        if (record === null || record.sessionId === request.sessionId)
          await removeFiles(options, records, request.taskId);
      }),
    count: () => rooms.count(),
    async prepare() {
      await compileRuntime(parts.sandbox, parts.copilot);
    },
    async sweep(isKept = () => Promise.resolve(true)) {
      const remove = (taskId: string) => removeFiles(options, records, taskId);
      await sweepSessions({ records, live, remove, isKept, before: Date.now() - keepMs });
      await workspaces.tidy(new Date());
    },
  };
}

/** Waits until it's withdrawn: this machine hasn't what it asks for, and there's no other one. */
async function neverServed({
  withdrawn,
  onWaiting,
}: Parameters<SessionHost["open"]>[2]): Promise<null> {
  onWaiting?.(false);
  if (withdrawn.aborted) return null;
  return new Promise((resolve) => {
    withdrawn.addEventListener("abort", () => resolve(null), { once: true });
  });
}

/** Checks out what the agent works on, and starts its runtime, which takes longer, at the same time. */
async function begin(
  parts: RunningParts,
  options: LocalHostOptions,
  request: HostedRequest,
  tokens: HostedTokens,
): Promise<Run> {
  const made = Promise.withResolvers<void>();
  const wanted = workspaceOf(options, request, tokens.repository, tokens.submodules);
  const checkedOut = parts.tracing.span("checkout", (span) =>
    options.workspaces.create(wanted, () => {
      span.event("fetched");
      made.resolve();
    }),
  );
  try {
    await Promise.race([made.promise, checkedOut]);
    const files = filesOf(options, request);
    const run = await runNew(parts, { request, tokens, files, checkedOut });
    if (run.type === "running") return run;
    return { type: "failed", failure: await explained(options, run.failure) };
  } catch (error) {
    const failure = failureOf(error);
    return { type: "failed", failure: await explained(options, failure) };
  } finally {
    await checkedOut.catch(() => {});
  }
}

/** Where nothing can be isolated, that's the reason, whatever was tried. */
async function explained({ sandbox }: LocalHostOptions, failure: Failure): Promise<Failure> {
  if (failure.code !== "checkout_failed" && failure.code !== "runtime_crashed") return failure;
  const state = await sandbox.isolation.check();
  return state.available ? failure : failureOfIsolation(state);
}

/** What an error before the runtime's start means: nothing was created. */
function failureOf(error: unknown): Failure {
  if (error instanceof IsolationUnavailable) return failureOfIsolation(error.trouble);
  if (error instanceof LimitExceeded)
    return { ...failureOfLimit(error.limit), message: error.message, nothingCreated: true };
  if (error instanceof CopilotUnreachable) {
    const { message } = error;
    return { code: "mission_control_unreachable", message, nothingCreated: true };
  }
  return { code: "checkout_failed", message: messageOf(error), nothingCreated: true };
}

function workspaceOf(
  options: Pick<LocalHostOptions, "accessTo">,
  request: HostedRequest,
  token: string | null,
  submodules: HostedTokens["submodules"] = [],
): WorkspaceRequest {
  return {
    id: request.taskId,
    repositoryId: request.ids.repository,
    access: { ...options.accessTo(request), token },
    commit: request.commit,
    branch: request.branch,
    checkout: request.terms.checkout,
    submodules: submodules.map(({ path, repositoryId, commit, ...place }) => {
      return {
        path,
        repositoryId,
        commit,
        access: { ...options.accessTo(place), token: place.token },
      };
    }),
  };
}

function filesOf(options: LocalHostOptions, request: HostedRequest): SessionFiles {
  return {
    workspace: options.workspaces.placeOf(workspaceOf(options, request, null)),
    state: stateOf(options, request.taskId),
  };
}

function stateOf({ directory }: Pick<LocalHostOptions, "directory">, taskId: string): string {
  return join(directory, "states", taskId);
}

async function removeFiles(
  options: Pick<LocalHostOptions, "directory" | "workspaces">,
  records: SessionRecords,
  taskId: string,
): Promise<void> {
  await options.workspaces.remove(taskId);
  await removeTree(stateOf(options, taskId));
  await records.remove(taskId);
}

function openingOf(run: Run): HostedOpening {
  return run.type === "running" ? { type: "started", session: run.session } : run;
}

function attachmentOf(run: Run | null): HostedAttachment {
  if (run === null) return { type: "gone" };
  if (run.type === "failed") return { type: "ended", failure: run.failure };
  return { type: "session", session: run.session };
}
