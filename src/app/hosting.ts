import { join } from "node:path";
import type { Environment } from "../config/environment.ts";
import { findCopilot } from "../copilot/checkup.ts";
import { createLocalCopilot } from "../copilot/local/local-copilot.ts";
import { chosenProgram, findProgram } from "../copilot/program.ts";
import { CannotStart } from "../core/error/cannot-start.ts";
import { hostsOf } from "../core/github/hosts.ts";
import { gitUrlOf } from "../core/github/repository-urls.ts";
import type { SelfHosting } from "../core/policy/self-hosting.ts";
import { WAYS } from "../hosting/sandbox.ts";
import type { LocalHost } from "../hosting/local-host.ts";
import { createLocalHost } from "../hosting/local-host.ts";
import { openIsolation } from "../isolation/open.ts";
import type { Isolation } from "../ports/isolation.ts";
import type { Log } from "../ports/log.ts";
import type { Tracing } from "../ports/tracing.ts";
import type { Timeouts } from "../ports/timeouts.ts";
import { removeTree } from "../workspace/remove-tree.ts";
import { GitWorkspaces } from "../workspace/workspaces.ts";

/** What sessions run with on this machine. */
export interface HostingOptions {
  readonly selfHosting: SelfHosting;
  readonly environment: Pick<
    Environment,
    | "COPILOT_RUNTIME"
    | "GITHUB_COPILOT_INTEGRATION_ID"
    | "GHE_HOST"
    | "GHE_PROTOCOL"
    | "COPILOT_GH_HOST"
    | "COPILOT_MC_FRONTEND_URL"
    | "LINK_HOSTS"
  >;
  /** With the addresses of Copilot, where they aren't the usual ones. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly timeouts: Pick<Timeouts, "startMs" | "deliveryMs" | "confirmMs">;
  /** `DATA_DIR`. */
  readonly directory: string;
  /** This machine's, as people see it. */
  readonly name: string;
  readonly tracing: Pick<Tracing, "span">;
  readonly log: Log;
}

/** What runs sessions on this machine. */
interface ThisMachine {
  readonly host: LocalHost;
  readonly isolation: Isolation;
}

/** How long GitHub may take to say where an account's Copilot is, in milliseconds. */
const ADDRESSES_MS = 10_000;

/**
 * This machine, as it runs sessions.
 *
 * @throws CannotStart when there's no runtime
 */
export async function prepareHosting(options: HostingOptions): Promise<ThisMachine> {
  const { selfHosting, environment, variables, timeouts, log } = options;
  const { limits, labels, sessions: maxSessions, keepMs } = selfHosting;
  const hosts = hostsOf(environment);
  const directory = join(options.directory, "self-hosted");
  const isolation = await openIsolation(selfHosting, join(directory, "isolation"));
  // What's wrong with it is said where a session is to run, and by the doctor.
  await isolation.makeDirectory(options.directory, directory, "bot").catch(() => {});
  // What a bot that was killed has left.
  await removeTree(join(directory, WAYS));
  if (!isolation.isIsolated)
    log.warn({}, "ISOLATION=none: sessions on this machine are not isolated from it");
  const host = createLocalHost({
    machine: options.name,
    directory,
    copilot: createLocalCopilot({ timeouts, log, variables, hosts }),
    workspaces: new GitWorkspaces({ directory, isolation, limits, log }),
    sandbox: {
      isolation,
      limits,
      program: programOf(environment.COPILOT_RUNTIME),
      upstreams: (token) =>
        findCopilot({ token, hosts, variables, signal: AbortSignal.timeout(ADDRESSES_MS) }),
      variables:
        environment.GITHUB_COPILOT_INTEGRATION_ID === ""
          ? {}
          : { GITHUB_COPILOT_INTEGRATION_ID: environment.GITHUB_COPILOT_INTEGRATION_ID },
      exempt: [],
      log,
    },
    accessTo: ({ owner, repository }) => ({
      protocol: hosts.web.startsWith("http:") ? "http" : "https",
      url: gitUrlOf(hosts, owner, repository),
    }),
    tracing: options.tracing,
    labels,
    maxSessions,
    keepMs,
  });
  // Until then, sessions start as well, only later.
  host.prepare().catch((err: unknown) => log.info({ err }, "runtime's code not compiled"));
  return { host, isolation };
}

function programOf(choice: string): string {
  const program = chosenProgram(choice) ?? findProgram("@github/copilot", new URL(import.meta.url));
  if (program !== null) return program;
  throw new CannotStart(
    "configuration",
    "COPILOT_RUNTIME: there's no Copilot runtime for sessions on this machine. Run npm ci, or set it to the path of a copilot program",
  );
}
