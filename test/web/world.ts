import { randomBytes } from "node:crypto";
import { createLog } from "../../src/app/logging.ts";
import { GITHUB_COM } from "../../src/core/github/hosts.ts";
import type { Connection, ConnectionTokens, Person } from "../../src/core/identity/connection.ts";
import type { QrCode } from "../../src/core/session/qr-code.ts";
import { createCipher, createCookieCipher } from "../../src/identity/cipher.ts";
import { createWebSessions } from "../../src/identity/web-sessions.ts";
import type { Administration } from "../../src/ports/administration.ts";
import type { WaitingTask } from "../../src/ports/waiting-people.ts";
import type { PageCommands } from "../../src/ports/page-commands.ts";
import type { TaskLists } from "../../src/ports/task-lists.ts";
import type { WebSessions } from "../../src/ports/web-sessions.ts";
import type { PagesOptions } from "../../src/web/options.ts";
import { createPages } from "../../src/web/site.ts";
import { newKey } from "../identity/keys.ts";
import type { Browser, Shown } from "./browser.ts";
import { openBrowser } from "./browser.ts";
import type { InMemoryGitHub } from "./github.ts";
import { createGitHub, OCTOCAT } from "./github.ts";
import { openWebSessionRows } from "./session-rows.ts";

export const PUBLIC_URL = "https://bot.example.com";
export const TASK_ID = "7c5c39ce-0f4e-4c4b-9a53-5c1f3f0b7a10";

export const WAITING: WaitingTask = {
  id: TASK_ID,
  requesterId: OCTOCAT.id,
  requesterLogin: OCTOCAT.login,
  subject: "octo-org/hello#1",
  url: "https://github.com/octo-org/hello/issues/1",
  isWaiting: true,
};

export interface World {
  readonly options: PagesOptions;
  readonly app: ReturnType<typeof createPages>;
  readonly github: InMemoryGitHub;
  readonly sessions: WebSessions;
  /** What's stored, by the person's id. */
  readonly stored: Map<
    number,
    { readonly connection: Connection; readonly tokens: ConnectionTokens }
  >;
  readonly tasks: Map<string, WaitingTask>;
  /** QR codes of sessions, by the task's id. */
  readonly qrCodes: Map<string, QrCode>;
  /** The people whose tasks continued, in order. */
  readonly continued: readonly number[];
  /** The log so far, line by line. */
  readonly log: readonly string[];
  readonly clock: { now: number };
  /** Every header and body that any browser got so far. */
  readonly seen: readonly string[];
  readonly open: () => Browser;
  /** Connects with the button of a fresh visit; gives what the callback showed. */
  connect(browser: Browser, person: Person): Promise<Shown>;
  /** Signs in to see a page; gives what the callback showed. */
  signIn(browser: Browser, person: Person, returnTo?: string): Promise<Shown>;
}

const random = () => randomBytes(32).toString("base64url");

/** These pages are about people's connections. Those about tasks are tested with a bot (test/scenarios/pages). */
const NO_TASKS: TaskLists = {
  page: () => Promise.resolve({ tasks: [], newer: null, older: null }),
  waitingFor: () => Promise.resolve([]),
  whereIs: () => Promise.resolve(null),
  find: () => Promise.resolve(null),
  audit: () => Promise.resolve([]),
  commands: () => Promise.resolve([]),
  changes: () => Promise.resolve({ changed: [], cursor: "", isComplete: true }),
  repository: () => Promise.reject(new Error("no repositories")),
  overview: () => Promise.reject(new Error("no overview")),
};
const NO_ADMINISTRATION: Administration = {
  isAdministrator: () => Promise.resolve(false),
  health: () => Promise.resolve(null),
  onHealthCheck: () => () => {},
  runtimes: () => {
    throw new Error("no runtimes");
  },
  machines: () => Promise.resolve(null),
};
const NO_COMMANDS: PageCommands = {
  press: () => Promise.resolve({ type: "no_task" }),
  outcomeOf: () => Promise.resolve(null),
};

/** The pages, with all that's around them in memory. */
export function createWorld(changes: Partial<PagesOptions> = {}): World {
  const github = createGitHub(PUBLIC_URL);
  const stored: World["stored"] = new Map();
  const tasks = new Map([[TASK_ID, WAITING]]);
  const qrCodes: World["qrCodes"] = new Map();
  const continued: number[] = [];
  const log: string[] = [];
  const seen: string[] = [];
  const clock = { now: Date.parse("2026-11-30T06:00:00.000Z") };
  const now = () => new Date(clock.now);
  const key = newKey();
  const sessions = createWebSessions({
    rows: openWebSessionRows(),
    cipher: createCipher([key]),
    authorization: github,
    host: "github.com",
    now,
    random,
  });
  const options: PagesOptions = {
    publicUrl: PUBLIC_URL,
    signIn: github,
    authorization: github,
    sessions,
    viewerGitHub: github,
    administrators: github,
    connections: {
      find: (id) => Promise.resolve(stored.get(id)?.connection ?? null),
      connect(connection, tokens) {
        stored.set(connection.person.id, { connection, tokens });
        return Promise.resolve();
      },
      async disconnect(id) {
        await sessions.endAllOf(id);
        return stored.delete(id);
      },
    },
    waiting: {
      find: (id) => Promise.resolve(tasks.get(id) ?? null),
      connected(id) {
        continued.push(id);
        const mine = [...tasks.values()].filter(
          (task) => task.requesterId === id && task.isWaiting,
        );
        for (const task of mine) tasks.set(task.id, { ...task, isWaiting: false });
        return Promise.resolve(mine.length);
      },
    },
    qrCodes: { find: (id) => Promise.resolve(qrCodes.get(id) ?? null) },
    keys: createCookieCipher([key]),
    hosts: GITHUB_COM,
    lists: NO_TASKS,
    administration: NO_ADMINISTRATION,
    pageCommands: NO_COMMANDS,
    labels: {
      names: () => Promise.reject(new Error("no labels")),
      create: () => Promise.reject(new Error("no labels")),
    },
    setup: { find: () => Promise.resolve(null), installUrl: () => Promise.resolve(null) },
    policies: { of: () => Promise.resolve(null) },
    stopping: new AbortController().signal,
    now,
    random,
    log: createLog("trace", { write: (line) => log.push(line) }),
    ...changes,
  };
  const app = createPages(options);
  return {
    options,
    app,
    github,
    sessions,
    stored,
    tasks,
    qrCodes,
    continued,
    log,
    clock,
    seen,
    open: () => openBrowser(app, PUBLIC_URL, (text) => seen.push(text)),
    async signIn(browser, person, returnTo = "/") {
      const asked = new URLSearchParams({ return_to: returnTo });
      const { location } = await browser.get(`/sign-in?${asked.toString()}`);
      return browser.get(github.agree(location ?? "", person));
    },
    async connect(browser, person) {
      await browser.get("/connect");
      const { location } = await browser.submit("/connect/start");
      return browser.get(github.agree(location ?? "", person));
    },
  };
}
