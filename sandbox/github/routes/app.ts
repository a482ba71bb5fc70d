import { pageOf } from "../pages.ts";
import type { Asked } from "../parts.ts";
import { profileOf } from "../rest/accounts.ts";
import { appOf, deliveryOf, hookOf, installationOf } from "../rest/app.ts";
import { membershipOf } from "../rest/members.ts";
import { repositoryOf } from "../rest/repositories.ts";
import { teamOf } from "../rest/teams.ts";
import { organization } from "../seed.ts";
import type { Answer } from "../shapes.ts";
import { failure, json } from "../shapes.ts";
import type { TeamRecord } from "../state/records.ts";
import { accountOf, findAccount, findRepository } from "../state/state.ts";
import { isCovered } from "../token-scope.ts";
import { giveToken } from "./installation-tokens.ts";
import { NOT_FOUND } from "./route.ts";

/** An operation of GitHub's REST API on the App, its installation, people, and teams. */
export interface AppRoute {
  readonly operation: string;
  /** Whether only the App itself can ask. */
  readonly isForApp: boolean;
  /** One of these permissions an installation needs. */
  readonly permissions: readonly string[];
  readonly answer: (asked: Asked) => Answer;
}

function appOnly(operation: string, answer: AppRoute["answer"]): AppRoute {
  return { operation, isForApp: true, permissions: [], answer };
}

function ofTeam(operation: string, answer: (team: TeamRecord, asked: Asked) => Answer): AppRoute {
  return {
    operation,
    isForApp: false,
    permissions: ["members"],
    answer(asked) {
      const { org = "", team_slug = "" } = asked.parameters;
      const team = asked.state.teams.get(`${org}/${team_slug}`.toLowerCase());
      return team === undefined ? NOT_FOUND : answer(team, asked);
    },
  };
}

/** The operations that aren't about what's in a repository. */
export const APP_ROUTES: readonly AppRoute[] = [
  appOnly("GET /app", ({ host, settings, state }) =>
    json(200, appOf(host, settings, accountOf(state, settings.owner))),
  ),
  appOnly("GET /app/hook/config", ({ settings }) => json(200, hookOf(settings))),
  appOnly("GET /app/hook/deliveries", ({ ask, deliveries }) =>
    pageOf(deliveries.settled.map(deliveryOf).toReversed(), ask),
  ),
  appOnly("POST /app/hook/deliveries/{delivery_id}/attempts", redeliver),
  appOnly("GET /app/installations", (asked) =>
    pageOf(asked.installation.now.status === "deleted" ? [] : [installationOf(asked)], asked.ask),
  ),
  appOnly("GET /app/installations/{installation_id}", (asked) => {
    const { id, status } = asked.installation.now;
    const isIt = Number(asked.parameters["installation_id"]) === id && status !== "deleted";
    return isIt ? json(200, installationOf(asked)) : NOT_FOUND;
  }),
  appOnly("POST /app/installations/{installation_id}/access_tokens", giveToken),
  {
    operation: "GET /installation/repositories",
    isForApp: false,
    permissions: ["metadata"],
    answer: installedRepositories,
  },
  appOnly("GET /repos/{owner}/{repo}/installation", (asked) => {
    const { owner = "", repo = "" } = asked.parameters;
    const repository = findRepository(asked.state, { owner, repo });
    const isInstalled = repository !== undefined && asked.installation.covers(repository);
    return isInstalled ? json(200, installationOf(asked)) : NOT_FOUND;
  }),
  appOnly("GET /orgs/{org}/installation", (asked) => {
    const { installation, parameters } = asked;
    const isIt = parameters["org"]?.toLowerCase() === organization;
    const isThere = isIt && installation.now.status !== "deleted";
    return isThere ? json(200, installationOf(asked)) : NOT_FOUND;
  }),
  {
    operation: "GET /user",
    isForApp: false,
    permissions: [],
    answer({ actor, by, host }) {
      if (actor === "anonymous") return failure(401, "Requires authentication");
      if (by.type === "Bot") return failure(403, "Resource not accessible by integration");
      return json(200, profileOf(host, by));
    },
  },
  {
    operation: "GET /orgs/{org}/memberships/{username}",
    isForApp: false,
    permissions: ["members"],
    answer: organizationMembership,
  },
  ofTeam("GET /orgs/{org}/teams/{team_slug}", (team, { host }) => json(200, teamOf(host, team))),
  ofTeam("GET /orgs/{org}/teams/{team_slug}/memberships/{username}", membership),
];

function redeliver({ deliveries, parameters }: Asked): Answer {
  const delivery = deliveries.settled[Number(parameters["delivery_id"]) - 1];
  if (delivery === undefined) return NOT_FOUND;
  void deliveries.redeliver(delivery.id);
  return json(202, {});
}

function membership({ members }: TeamRecord, { ask, host, parameters }: Asked): Answer {
  const login = parameters["username"]?.toLowerCase();
  const member = members.find((it) => it.login.toLowerCase() === login);
  if (member === undefined) return NOT_FOUND;
  const { role = "member", state = "active" } = member;
  return json(200, { url: `http://${host}/api/v3${ask.path}`, role, state });
}

/** GitHub says of an organization's members, and of those that it has invited, what they are. */
function organizationMembership({ host, parameters, state }: Asked): Answer {
  const { org = "", username = "" } = parameters;
  const account = findAccount(state, org);
  const person = findAccount(state, username);
  const member = person && state.members.get(person.login);
  if (account?.type !== "Organization" || person === undefined || member === undefined) {
    return NOT_FOUND;
  }
  return json(200, membershipOf(host, account, { person, ...member }));
}

/** The first page of what the installation's token can reach. */
function installedRepositories({ actor, ask, by, host, installation }: Asked): Answer {
  if (by.type !== "Bot") {
    return failure(403, "You must authenticate with an installation access token");
  }
  const all = installation.repositories().filter((one) => isCovered(actor, one, installation));
  const perPage = Number(new URLSearchParams(ask.query).get("per_page") ?? 30);
  const repositories = all.slice(0, perPage).map((one) => repositoryOf(host, one));
  return json(200, { total_count: all.length, repositories });
}
