import type { GitHubHosts } from "../../src/core/github/hosts.ts";
import type { GitHub } from "../../src/ports/github.ts";
import type { Identities } from "../../src/ports/identities.ts";
import type { Ports } from "../../src/ports/ports.ts";
import type { Timeouts } from "../../src/ports/timeouts.ts";
import { NO_TRACING } from "../../src/ports/tracing.ts";
import type { Runner } from "../../src/runner/runner.ts";
import { createRunner } from "../../src/runner/runner.ts";
import type { OpenedStore } from "../store/opened.ts";
import { openStore } from "../store/opened.ts";
import { NAMELESS } from "./nameless.ts";

export const HOUR_MS = 3_600_000;
const START = Date.parse("2026-11-29T12:00:00.000Z");

/** For what isn't asked in a story. */
export const never = () => Promise.reject(new Error("not asked here"));

/** An answer of a GitHub that is away. */
export const away = () => Promise.reject(new Error("503"));

/** A clock that only the story moves. */
export interface Clock {
  readonly now: () => Date;
  /** Since the story began. */
  readonly hours: () => number;
  readonly pass: (ms: number) => void;
}

export function createClock(): Clock {
  let at = START;
  return {
    now: () => new Date(at),
    hours: () => (at - START) / HOUR_MS,
    pass: (ms) => {
      at += ms;
    },
  };
}

/** What differs from story to story. */
interface Played {
  readonly clock: Clock;
  readonly github: Partial<GitHub>;
  readonly identities: Partial<Identities>;
  readonly copilot?: Partial<Ports["copilot"]>;
  readonly selfHosting?: Ports["selfHosting"];
  readonly sessionHost?: Partial<NonNullable<Ports["sessionHost"]>>;
  readonly hosts: GitHubHosts;
  readonly timeouts: Timeouts;
  /** Of another replica; one of its own, where there's none. */
  readonly store?: OpenedStore;
  /** Gets the messages of the log's warnings. */
  readonly warned?: (message: string) => void;
}

/** A runner on that clock, over a real store. */
export async function clockedBot({
  clock: { now },
  github,
  identities,
  copilot,
  selfHosting = null,
  sessionHost = {},
  hosts,
  timeouts,
  store: shared,
  warned = () => {},
}: Played): Promise<{ runner: Runner; store: OpenedStore }> {
  const store = shared ?? (await openStore(undefined, { now }));
  const { tasks, sessionCommands, approvals, waitingRequesters } = store;
  const ports: Ports = {
    tasks,
    approvals,
    sessionCommands,
    waitingRequesters,
    doctor: never,
    github: { ...SILENT_GITHUB, ...github },
    identities: {
      ...THE_BOTS,
      identityToBegin: identities.identityFor ?? THE_BOTS.identityFor,
      ...identities,
    },
    copilot: { ...NO_SESSIONS, ...copilot },
    selfHosting,
    sessionHost: selfHosting === null ? null : { ...NO_MACHINES, ...sessionHost },
    tracing: NO_TRACING,
    log: { info() {}, warn: (_fields, message) => warned(message), error() {} },
    stopping: new AbortController().signal,
    processAgain() {},
    now,
    chance: () => 0,
    nonce: () => "0".repeat(32),
    digest: (text) => text,
  };
  return { runner: createRunner(ports, { hosts, timeouts, maxFollowed: 1 }), store };
}

const SILENT_GITHUB: GitHub = {
  slug: NAMELESS,
  survey: never,
  roleOf: never,
  membership: never,
  branch: never,
  text: never,
  react: () => Promise.resolve(),
  findComment: () => Promise.resolve(null),
  writeCheckRun: never,
  createComment: never,
  deleteComment: never,
  updateComment: never,
  addLabel: never,
  removeLabel: never,
  whereabouts: never,
  repositoryToken: never,
  submodulesAt: never,
  submoduleToken: never,
  openDraftPull: never,
  troubleOf: ({ message }: Error) => (message === "503" ? { type: "unreachable", message } : null),
};

const NO_SESSIONS: Ports["copilot"] = {
  backend: "cloud",
  open: never,
  attach: never,
  hasRoom: () => Promise.resolve(true),
  endUnused: () => Promise.resolve(),
};

const NO_MACHINES: NonNullable<Ports["sessionHost"]> = {
  open: never,
  attach: never,
  push: never,
  remove: never,
};

const THE_BOTS: Omit<Identities, "identityToBegin"> = {
  choose: () => ({ type: "chosen", identity: null }),
  identityFor: () => Promise.resolve({ type: "identity", token: "gho_copilot", usableUntil: null }),
  isConnected: never,
  isCurrent: never,
  tokenRefused: () => Promise.resolve(),
  disconnect: never,
  accounts: () => Promise.resolve([]),
  diagnose: () => Promise.resolve(null),
};
