import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { createActors } from "./actors.ts";
import { installationLife } from "./app/installation-life.ts";
import { createInstallation } from "./app/installation.ts";
import { readManifest } from "./app/manifest.ts";
import { settingsFrom } from "./app/settings.ts";
import { createChanges } from "./changes.ts";
import { createClock } from "./clock.ts";
import { createDeliveries } from "./deliveries.ts";
import type { Deliveries } from "./deliveries.ts";
import { startEmulator } from "./emulator.ts";
import type { Emulator } from "./emulator.ts";
import { createFaults } from "./faults.ts";
import { serve } from "./front.ts";
import type { RecordedRequest } from "./front.ts";
import { perform } from "./github.ts";
import type { Parts } from "./github.ts";
import { story } from "./loopback.ts";
import type { LoopbackGitHub } from "./loopback.ts";
import { createMoves } from "./moves.ts";
import { createPerson } from "./person.ts";
import type { Person } from "./person.ts";
import { grant, prepare } from "./prepare.ts";
import { createQueries } from "./queries.ts";
import { createReactions } from "./reactions.ts";
import { administrator, app, botLogin, people, seedOf } from "./seed.ts";
import type { Permission, SeededRepository } from "./seed.ts";
import type { Ask } from "./shapes.ts";
import { isGranted } from "./refusals.ts";
import { createState } from "./state.ts";
import { readThread } from "./thread.ts";
import { createTeams } from "./teams.ts";
import { createTurns } from "./turns.ts";

/** What a loopback GitHub has besides what each has. */
export interface GitHubOptions {
  /** More repositories of `octo-org`. */
  readonly repositories?: readonly SeededRepository[];
  /** More people, and what they may do in each repository of `octo-org`. */
  readonly people?: Readonly<Record<string, Permission>>;
}

/** Starts a GitHub on free ports of 127.0.0.1, with an App that is installed on `octo-org`. */
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
  const emulator = await startEmulator(host, seedOf(logins, repositories));
  const parts = assemble(host, emulator, deliveries, logins);
  const { actors, clock, reactions, state } = parts;
  const answer = (ask: Ask) => perform(ask, parts);
  function record(request: RecordedRequest): void {
    requests.push(request);
    announce();
  }
  server.on("request", (message, response) => {
    void serve(message, response, { host, actors, clock, faults, perform: answer, record });
  });

  function as(login: string): Person {
    if (!logins.includes(login)) throw new Error(`Nobody is called ${login}: ${logins.join(", ")}`);
    return createPerson(login, answer);
  }

  await prepare(emulator, as, permissions, repositories);
  return {
    ...identify(host, emulator.privateKey, webhookSecret),
    ...hookControls(parts),
    ...organisationControls(parts, as(administrator)),
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
    thread: (owner, repo, number) => readThread({ owner, repo, number }, state, reactions),
    failNext: faults.failNext,
    until: (predicate, timeLimitMs = 5000) =>
      until(predicate, timeLimitMs, () => story(requests, deliveries.settled)),
    async close() {
      await deliveries.close();
      await stop(server);
      await emulator.close();
    },
  };
}

function assemble(
  host: string,
  emulator: Emulator,
  deliveries: Deliveries,
  logins: readonly string[],
): Parts {
  const clock = createClock();
  const settings = settingsFrom(readManifest());
  const state = createState(emulator);
  const reactions = createReactions(state);
  const actors = createActors(logins);
  const installation = createInstallation(settings, state, actors);
  const moves = createMoves(host, emulator, state, { notes: state.notes, reactions });
  const queries = createQueries(state, clock, (ask, permissions) =>
    isGranted(ask, permissions, "read", { actors, installation }),
  );
  const teams = createTeams(host, state);
  const turns = createTurns();
  const known = { actors, clock, deliveries, emulator, installation, moves, queries, reactions };
  return { ...known, settings, state, teams, turns };
}

function hookControls({ deliveries, settings }: Parts) {
  const controls: Pick<
    LoopbackGitHub,
    "deliveries" | "deliverTo" | "loseNext" | "redeliver" | "deliverAgainAs"
  > = {
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
  };
  return controls;
}

function organisationControls(parts: Parts, owner: Person) {
  const { deliveries, emulator, settings, state, teams } = parts;
  const controls: Pick<
    LoopbackGitHub,
    "app" | "installation" | "grant" | "team" | "minimize" | "writeFile" | "deleteFile"
  > = {
    app: settings,
    installation: installationLife(parts, deliveries),
    async grant(repository, login, permission, role) {
      await grant(emulator, repository, login, permission);
      state.notes.nameRole(repository, login, role);
    },
    team: (organisation, slug, members) => teams.set(organisation, slug, members),
    minimize: ({ id }, reason = "off-topic") => state.notes.minimize(id, reason),
    writeFile: (repository, path, content, branch) =>
      owner.commitFile(repository, { path, content, branch }),
    deleteFile: (repository, path, branch) => owner.deleteFile(repository, { path, branch }),
  };
  return controls;
}

function identify(host: string, privateKey: string, webhookSecret: string) {
  const environment = {
    APP_ID: `${app.id}`,
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: webhookSecret,
    GHE_HOST: host,
    GHE_PROTOCOL: "http",
  };
  return { host, environment, appId: app.id, privateKey, webhookSecret, botLogin };
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
