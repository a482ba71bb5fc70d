import { generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { createActors } from "./actors.ts";
import { installationLife } from "./app/installation-life.ts";
import { createInstallation } from "./app/installation.ts";
import { createRegistrations } from "./app/registrations.ts";
import { registeredSettings } from "./app/settings.ts";
import { createTokens } from "./oauth/tokens.ts";
import { createBudgets } from "./budgets.ts";
import { createChanges } from "./changes.ts";
import { createClock } from "./clock.ts";
import { createDeliveries } from "./deliveries.ts";
import type { Deliveries } from "./deliveries.ts";
import { createDepartures } from "./departures.ts";
import { createFaults } from "./faults.ts";
import { serve } from "./front.ts";
import type { FrontOptions, RecordedRequest } from "./front.ts";
import { gitControl } from "./git/control.ts";
import { serveGit } from "./git/front.ts";
import type { GitServer } from "./git/server.ts";
import { createGitServer } from "./git/server.ts";
import { perform } from "./github.ts";
import { createAuthorizations } from "./oauth/authorizations.ts";
import { registerOAuthApp } from "./oauth/clients.ts";
import { oauthControl } from "./oauth/control.ts";
import type { OAuthControl } from "./oauth/control.ts";
import { createCopilotLookUp } from "./oauth/copilot.ts";
import { story } from "./loopback.ts";
import type { LoopbackGitHub } from "./loopback.ts";
import type { Parts } from "./parts.ts";
import { createPerson } from "./person.ts";
import type { Person } from "./person.ts";
import { grant, seededState, writeHistory } from "./prepare.ts";
import { administrator, app, botLogin, people } from "./seed.ts";
import type { Permission, SeededRepository } from "./seed.ts";
import type { Ask } from "./shapes.ts";
import type { ActingApp } from "./state/records.ts";
import { accountOf, minimize, nextId } from "./state/state.ts";
import type { State } from "./state/state.ts";
import { readThread } from "./thread.ts";
import { createSignIns } from "./web/sign-in.ts";

/** What a loopback GitHub has besides what each has. */
export interface GitHubOptions {
  /** More repositories of `octo-org`. */
  readonly repositories?: readonly SeededRepository[];
  /** More people, and what they may do in each repository of `octo-org`. */
  readonly people?: Readonly<Record<string, Permission>>;
}

/** The App's, made once in a process: that takes longer than all the rest. */
let privateKey: string | undefined;

/** Starts a GitHub on a free port of 127.0.0.1, with an App that is installed on `octo-org`. */
export async function startGitHub(options: GitHubOptions = {}): Promise<LoopbackGitHub> {
  const { repositories = [] } = options;
  const permissions = { ...people, ...options.people };
  const logins = Object.keys(permissions);
  const webhookSecret = randomBytes(20).toString("hex");
  const { announce, until } = createChanges();
  const deliveries = createDeliveries(app.id, webhookSecret, announce);
  const faults = createFaults();
  const requests: RecordedRequest[] = [];

  const server = createServer();
  const host = await listen(server);
  const state = seededState(permissions, repositories);
  const parts = assemble(host, state, deliveries, logins);
  const { actors, clock } = parts;
  const answer = (ask: Ask) => perform(ask, parts);
  const git = createGitServer(parts);
  server.on("request", listener(parts, git, { faults, record }));

  function record(request: RecordedRequest): void {
    requests.push(request);
    announce();
  }

  function as(login: string, via?: ActingApp): Person {
    if (!logins.includes(login)) throw new Error(`Nobody is called ${login}: ${logins.join(", ")}`);
    return createPerson(login, answer, via && actors.authorize(login, via));
  }

  await writeHistory(state, as);
  return {
    ...identify(parts, webhookSecret),
    ...hookControls(parts),
    ...organizationControls(parts, as(administrator)),
    ...createDepartures(parts),
    ...oauthSettings(oauthControl(parts)),
    git: gitControl(parts, accountOf(state, administrator), git.lfs),
    network: parts.network,
    get installationId() {
      return parts.installation.now.id;
    },
    get clockOffsetMs() {
      return clock.offsetMs;
    },
    set clockOffsetMs(offsetMs) {
      clock.offsetMs = offsetMs;
    },
    requests,
    as,
    thread: async (owner, repo, number) => readThread({ owner, repo, number }, state),
    failNext: faults.failNext,
    forgetFaults: () => faults.forgetFaults(),
    until: (predicate, timeLimitMs = 30_000) =>
      until(predicate, timeLimitMs, () => story(requests, deliveries.settled)),
    async close() {
      await deliveries.close();
      await stop(server);
      await git.close();
    },
  };
}

/** Serves what the bot asks of the API, and what Git asks. */
function listener(
  parts: Parts,
  git: GitServer,
  common: Pick<FrontOptions, "faults" | "record">,
): RequestListener {
  const answer = (ask: Ask) => perform(ask, parts);
  return (message, response) => {
    const asked = git.read(message);
    if (asked !== undefined) void serveGit(asked, message, response, common);
    else void serve(message, response, { ...parts, ...common, perform: answer });
  };
}

function assemble(
  host: string,
  state: State,
  deliveries: Deliveries,
  logins: readonly string[],
): Parts {
  const clock = createClock();
  const settings = registeredSettings();
  const actors = createActors(logins);
  const installation = createInstallation(settings, state, actors);
  const network = { ipIsBlocked: false };
  const spend = createBudgets(clock);
  privateKey ??= generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  }).privateKey;
  const tokens = createTokens(clock, actors);
  const authorizations = createAuthorizations(clock, tokens);
  const copilot = createCopilotLookUp(actors, tokens);
  const known = { actors, clock, deliveries, installation, network, settings };
  const oauth = { authorizations, copilot, oauthApp: registerOAuthApp(), signIns: createSignIns() };
  const registrations = createRegistrations(clock);
  return { ...known, ...oauth, host, privateKey, registrations, spend, state };
}

function hookControls({ deliveries, settings }: Parts) {
  return {
    deliveries: deliveries.settled,
    deliverTo(url) {
      deliveries.deliverTo(url);
      settings.hook.url = url;
    },
    loseNext: (match, times = 1) => deliveries.loseNext(match, times),
    redeliver: async (id) => (await deliveries.redeliver(id)).statusCode,
    async deliverAgainAs(id, newId = randomUUID()) {
      return (await deliveries.send(deliveries.find(id), newId)).statusCode;
    },
  } satisfies Partial<LoopbackGitHub>;
}

function organizationControls(parts: Parts, owner: Person) {
  const { settings, state } = parts;
  return {
    revokeTokens: () => parts.actors.forget(botLogin),
    app: settings,
    installation: installationLife(parts),
    grant: async (repository, login, permission, role) =>
      grant(state, repository, login, permission, role),
    member(login, membership) {
      if (membership === null) state.members.delete(login);
      else state.members.set(login, membership);
    },
    team(organization, slug, members) {
      const key = `${organization}/${slug}`.toLowerCase();
      const id = state.teams.get(key)?.id ?? nextId(state, "team");
      const all = members.map((it) => (typeof it === "string" ? { login: it } : it));
      state.teams.set(key, {
        id,
        organization: accountOf(state, organization),
        slug,
        members: all,
      });
    },
    minimize: (comment, reason = "off-topic") => minimize(state, comment.id, reason),
    writeFile: (repository, path, content, branch) =>
      owner.commitFile(repository, { path, content, branch }),
    deleteFile: (repository, path, branch) => owner.deleteFile(repository, { path, branch }),
  } satisfies Partial<LoopbackGitHub>;
}

function oauthSettings(oauth: OAuthControl) {
  const { clientId, clientSecret, oauthApp } = oauth;
  return {
    oauth,
    oauthEnvironment: { GITHUB_CLIENT_ID: clientId, GITHUB_CLIENT_SECRET: clientSecret },
    oauthAppEnvironment: {
      OAUTH_APP_CLIENT_ID: oauthApp.clientId,
      OAUTH_APP_CLIENT_SECRET: oauthApp.clientSecret,
    },
  } satisfies Partial<LoopbackGitHub>;
}

function identify({ host, privateKey: key }: Parts, webhookSecret: string) {
  const environment = {
    APP_ID: `${app.id}`,
    PRIVATE_KEY: key,
    WEBHOOK_SECRET: webhookSecret,
    GHE_HOST: host,
    GHE_PROTOCOL: "http",
  };
  return { host, environment, appId: app.id, privateKey: key, webhookSecret, botLogin };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The front has no port");
  return `127.0.0.1:${address.port}`;
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
