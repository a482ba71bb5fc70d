import { randomBytes } from "node:crypto";
import { hostsOf, withPages } from "../core/github/hosts.ts";
import { CALLBACK_PATH } from "../core/identity/connection.ts";
import { isWaitingForConnection } from "../core/task/waiting.ts";
import { lookUpAccount } from "../copilot/checkup.ts";
import type { PagesListener } from "../http/server.ts";
import { createAuthorization } from "../identity/authorization.ts";
import { createCipher, createCookieCipher } from "../identity/cipher.ts";
import { createConnections } from "../identity/connections.ts";
import { createWebSessions } from "../identity/web-sessions.ts";
import { createViewerGitHub } from "../github/viewing.ts";
import type { Connections } from "../ports/connections.ts";
import type { PageCommands } from "../ports/page-commands.ts";
import type { WaitingPeople } from "../ports/waiting-people.ts";
import type { WebSessions } from "../ports/web-sessions.ts";
import { createPoliciesInForce } from "../runner/receive/policies-in-force.ts";
import { createPageCommands } from "../runner/receive/page-commands.ts";
import { createPagesListener } from "../web/listener.ts";
import { createAdministration } from "./administration.ts";
import { withCountedRefreshes } from "./measured.ts";
import type { AppOptions, AppParts } from "./options.ts";
import { createQrCodes } from "./qr-codes.ts";
import { createSetup } from "./setup.ts";
import { now, sha256 } from "./task-options.ts";

/** With what people connect their Copilot, what it comes to, and what they do on pages. */
export interface ConnectingParts {
  readonly connections: Connections;
  readonly sessions: WebSessions;
  readonly pages: PagesListener;
  readonly pageCommands: PageCommands;
}

/** What that takes. */
export type ConnectingNeeds = Pick<
  AppParts,
  | "options"
  | "storage"
  | "github"
  | "backend"
  | "machines"
  | "measure"
  | "timeouts"
  | "stopping"
  | "processTask"
  | "processNewTask"
>;

const LOOK_UP_MS = 10_000;

/** Null where people can't connect their Copilot. */
export async function createConnecting(given: ConnectingNeeds): Promise<ConnectingParts | null> {
  const { options, storage, backend, measure, processTask } = given;
  const { environment, log } = options;
  const { connecting } = environment;
  if (connecting === null) return null;
  const { clientId, clientSecret, oauthApp, publicUrl, keys } = connecting;
  const hosts = hostsOf(environment);
  const cipher = createCipher(keys);
  const asked = {
    app: { clientId, clientSecret },
    callbackUrl: `${publicUrl}${CALLBACK_PATH}`,
    hosts,
    lookUpAccount: (token: string) => lookUpAs(token, options),
    log,
  };
  const create = (app: typeof oauthApp) =>
    withCountedRefreshes(createAuthorization({ ...asked, oauthApp: app }), measure);
  const signIn = create(null);
  const authorization = oauthApp === null ? signIn : create(oauthApp);
  const { host } = new URL(hosts.web);
  const shared = { cipher, host, now };
  const sessions = createWebSessions({
    ...shared,
    rows: storage.webSessionRows,
    authorization: signIn,
    random,
  });
  const rows = storage.connectionRows;
  const connections = createConnections({ ...shared, rows, authorization, sessions, log });
  const pageCommands = pageCommandsOf(given);
  // As the comments have them: a session's link is the same in both.
  const shownHosts = withPages(hosts, backend.pages);
  const pages = createPagesListener({
    publicUrl,
    signIn,
    authorization,
    sessions,
    viewerGitHub: createViewerGitHub({ baseUrl: hosts.rest }),
    connections,
    waiting: waitingPeople(storage, processTask, hosts.web),
    qrCodes: createQrCodes(storage.tasks, shownHosts),
    keys: createCookieCipher(keys),
    lists: await storage.loadTaskLists(),
    administration: createAdministration(given),
    pageCommands,
    ...asApp(given),
    hosts: shownHosts,
    now,
    random,
    log,
    stopping: given.stopping,
  });
  return { connections, sessions, pages, pageCommands };
}

/** What the pages ask GitHub as the App. */
function asApp({ options: { environment, log }, github, storage }: ConnectingNeeds) {
  const { labelings } = storage;
  const { administrators, labels, policyFiles: source } = github;
  const { web: origin } = hostsOf(environment);
  const policies = createPoliciesInForce({ source, github, origin, now });
  return {
    administrators,
    labels,
    policies,
    setup: createSetup({ environment, log, github, labelings, now }),
  };
}

/** A secret that nobody guesses. */
function random(): string {
  return randomBytes(32).toString("base64url");
}

function pageCommandsOf({ options, storage, timeouts, stopping, processNewTask }: ConnectingNeeds) {
  const { tasks } = storage;
  const { log } = options;
  return createPageCommands({
    tasks,
    process: processNewTask,
    now,
    digest: sha256,
    log,
    timeouts,
    stopping,
  });
}

function lookUpAs(token: string, { environment, variables }: AppOptions) {
  return lookUpAccount({
    token,
    hosts: hostsOf(environment),
    variables: { ...variables, ...environment },
    signal: AbortSignal.timeout(LOOK_UP_MS),
  });
}

/** Tasks as the pages need them. */
function waitingPeople(
  { tasks, waitingRequesters }: ConnectingNeeds["storage"],
  processTask: ConnectingNeeds["processTask"],
  web: string,
): WaitingPeople {
  return {
    async find(taskId) {
      const task = await tasks.get(taskId);
      if (task === null) return null;
      const { place, subject, requester } = task;
      const path = `${place.owner}/${place.repository}`;
      const page = subject.type === "issue" ? "issues" : "pull";
      return {
        id: task.id,
        requesterId: requester.id,
        requesterLogin: requester.login,
        subject: `${path}#${subject.number}`,
        url: `${web}/${path}/${page}/${subject.number}`,
        isWaiting: task.settledAt === null && isWaitingForConnection(task),
      };
    },
    async connected(userId) {
      const woken = await waitingRequesters.wake(userId);
      for (const task of woken) processTask(task.id, task);
      return woken.length;
    },
  };
}
