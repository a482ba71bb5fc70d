import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "../core/error/thrown.ts";
import type { Upstream } from "../core/isolation/broker-rules.ts";
import type { LimitName, SandboxLimits } from "../core/isolation/limits.ts";
import { startBroker } from "../isolation/broker.ts";
import { startEgressProxy } from "../isolation/egress-proxy.ts";
import type { Isolation, SandboxProgram } from "../ports/isolation.ts";
import type { LocalPlace } from "../ports/local-sessions.ts";
import type { Log } from "../ports/log.ts";
import type { HostedRequest, HostedTokens } from "../ports/session-host.ts";
import type { Workspace } from "../ports/workspaces.ts";
import { runtimeCommand, compiledFor, compiledVariables, filesOf } from "./compiled.ts";

/** What sandboxes are made with. */
export interface SandboxOptions {
  readonly isolation: Isolation;
  /** A directory of the bot's own, which the states of sessions are in. */
  readonly directory: string;
  /** The runtime's program; an absolute path. What ends with `.js` is run with this Node. */
  readonly program: string;
  readonly limits: SandboxLimits;
  /** Whom the runtime of an account speaks to: base URLs, without a slash at the end. */
  readonly upstreams: (token: string) => Promise<Readonly<Record<Upstream, string>>>;
  /** What the runtime gets besides: how it names itself to Copilot. */
  readonly variables: Readonly<Record<string, string>>;
  /** Addresses that may be reached although they aren't public. */
  readonly exempt: readonly string[];
  readonly log: Log;
}

/** A sandbox that's ready for a session's runtime. */
export interface PreparedSandbox {
  readonly place: LocalPlace;
  /** Has its limits kept from now on. */
  watch(processId: number): void;
  /**
   * Ends it, and its ways outside.
   *
   * @returns the limit for which it was ended before; null for none
   */
  close(): Promise<LimitName | null>;
}

const PROXIED_PORTS = [443];

/**
 * What stands for the owner's token: it has that form, so that the runtime takes it for one, and opens nothing. Where
 * nothing is isolated, no other program of the machine knows it.
 */
function newPlaceholder(): string {
  return `gho_${randomBytes(18).toString("hex")}`;
}

interface SessionPlaces {
  /** Mission Control's ids of the session so far; what's added is put in. */
  readonly sharedIds: string[];
  readonly workspace: Workspace;
  /** Where the runtime keeps the session. */
  readonly state: string;
}

/**
 * Prepares a sandbox for the runtime of one session: its two ways outside, and the command that starts it.
 *
 * @throws IsolationUnavailable when nothing can be started here
 */
export async function prepareSandbox(
  options: SandboxOptions,
  request: HostedRequest,
  tokens: HostedTokens,
  places: SessionPlaces,
): Promise<PreparedSandbox> {
  const { isolation, directory } = options;
  await isolation.makeDirectory(directory, places.state, "sandboxes");
  const ways = await openWays(options, request, tokens, places);
  try {
    const compiled = compiledFor(options);
    const sandbox = await isolation.open(programOf(options, places, ways.sockets, compiled));
    const { command, environment, paths, ports } = sandbox;
    return {
      place: {
        workspace: paths.workspace,
        state: paths.state ?? "",
        command,
        variables: {
          ...options.variables,
          ...environment,
          ...(compiled === null ? {} : compiledVariables(compiled)),
          ...variablesInside(request, ports),
        },
        placeholder: ways.placeholder,
      },
      watch: (processId) => sandbox.watch(processId),
      async close() {
        const exceeded = await sandbox.close();
        await ways.close();
        return exceeded;
      },
    };
  } catch (error) {
    await ways.close();
    throw error;
  }
}

/** GitHub doesn't say where the owner's Copilot is. */
export class CopilotUnreachable extends Error {
  override readonly name = "CopilotUnreachable";
}

/** Where the sockets of sandboxes are, in the directory of the bot's. */
export const WAYS = "ways";

/** The longest path of a Unix socket is 107 bytes. */
const MAX_DIRECTORY = 95;

/** A directory for the sockets of one sandbox, into which nobody else gets. */
async function makeWays({ isolation, directory }: SandboxOptions): Promise<string> {
  const own = join(directory, WAYS, randomBytes(4).toString("hex"));
  const isShort = Buffer.byteLength(own) <= MAX_DIRECTORY;
  const made = isShort ? own : await mkdtemp(join(tmpdir(), "sandbox-"));
  await isolation.makeDirectory(isShort ? directory : made, made, "sandboxes");
  return made;
}

/** A session's ways outside: Unix sockets, with whoever stands behind them. */
async function openWays(
  options: SandboxOptions,
  { ids, terms }: HostedRequest,
  { copilot: { token } }: HostedTokens,
  { sharedIds }: Pick<SessionPlaces, "sharedIds">,
) {
  const { upstreams, exempt, log } = options;
  const addresses = await upstreams(token).catch((error: unknown) => {
    throw new CopilotUnreachable(messageOf(error));
  });
  const directory = await makeWays(options);
  const sockets = { broker: join(directory, "broker"), proxy: join(directory, "proxy") };
  const placeholder = newPlaceholder();
  const broker = await startBroker({
    socket: sockets.broker,
    placeholder,
    token: () => token,
    upstreams: addresses,
    repository: { ownerId: ids.owner, repositoryId: ids.repository },
    sharedBefore: [...sharedIds],
    onShared: (id) => void sharedIds.push(id),
    log,
  });
  const proxy = await startEgressProxy({
    socket: sockets.proxy,
    hosts: terms.egress,
    ports: PROXIED_PORTS,
    exempt,
    log,
  });
  return {
    sockets,
    placeholder,
    async close() {
      await Promise.all([broker.close(), proxy.close()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

type Way = "broker" | "proxy";

function programOf(
  { program, limits }: SandboxOptions,
  { workspace, state }: SessionPlaces,
  forwards: Readonly<Record<Way, string>>,
  compiled: string | null,
): SandboxProgram<Way> {
  return {
    command: runtimeCommand(program),
    workspace: workspace.directory,
    state,
    readable: [
      ...filesOf(program),
      ...(compiled === null ? [] : [compiled]),
      ...workspace.readable,
    ],
    forwards,
    limits,
  };
}

/** What the environment inside has besides: no secret is in it. */
function variablesInside(
  { terms }: HostedRequest,
  ports: Readonly<Record<Way, number>>,
): Record<string, string> {
  const broker = `http://127.0.0.1:${ports.broker}`;
  const proxy = `http://127.0.0.1:${ports.proxy}`;
  return {
    LANG: "C.UTF-8",
    GIT_TERMINAL_PROMPT: "0",
    COPILOT_API_URL: broker,
    COPILOT_DEBUG_GITHUB_API_URL: broker,
    COPILOT_MC_BASE_URL: `${broker}/agents`,
    ...(terms.egress.length === 0 ? {} : { HTTPS_PROXY: proxy, NO_PROXY: "127.0.0.1,localhost" }),
  };
}
