import { isSeen, refusalOfActor, refusalOfAppRoute, refusalOfRoute } from "./access.ts";
import { withBudget } from "./budgets.ts";
import type { Event } from "./deliveries.ts";
import type { Asked, AskedInRepository, RepositoryEvent, Parts } from "./parts.ts";
import { accountOf, organizationOf } from "./rest/accounts.ts";
import { repositoryOf } from "./rest/repositories.ts";
import { nodeId } from "./rest/urls.ts";
import { moved, NOT_FOUND } from "./routes/route.ts";
import { APP_MANIFEST_ROUTES } from "./routes/app-manifests.ts";
import { APP_ROUTES } from "./routes/app.ts";
import { APPLICATION_ROUTES } from "./routes/applications.ts";
import { COPILOT_ROUTES } from "./routes/copilot.ts";
import { decode, finder, ROUTES } from "./routes/table.ts";
import { VIEWER_ROUTES } from "./routes/viewing.ts";
import type { Answer, Ask, RepositoryName } from "./shapes.ts";
import { failure } from "./shapes.ts";
import type { AccountRecord, RepositoryRecord } from "./state/records.ts";
import { findAccount, findFormer, findRepository } from "./state/state.ts";
import { isGranted } from "./token-scope.ts";
import { pageAt } from "./web/pages.ts";

/** What a request led to. */
export interface Performed {
  readonly answer: Answer;
  /** Resolves when the bot has answered the webhooks of the events that the request caused. */
  readonly delivered: Promise<unknown>;
}

const findAppRoute = finder([
  ...APP_ROUTES,
  ...APP_MANIFEST_ROUTES,
  ...VIEWER_ROUTES,
  ...APPLICATION_ROUTES,
  ...COPILOT_ROUTES,
]);
const findRoute = finder(ROUTES);

/** Who reads without a token. */
const GHOST: AccountRecord = { id: 0, login: "ghost", type: "User" };

/** Answers a request as GitHub would, whoever asks, and sends the webhooks. */
export async function perform(ask: Ask, parts: Parts): Promise<Performed> {
  const emitted: RepositoryEvent[] = [];
  const actor = parts.actors.of(ask.authorization);
  const named = typeof actor === "string" ? undefined : actor;
  const by = findAccount(parts.state, named?.login ?? "") ?? GHOST;
  const emit = (event: RepositoryEvent) => void emitted.push(event);
  const asked: Asked = { ...parts, ask, actor, by, via: named?.via, parameters: {}, emit };
  const answer = refusalOfActor(asked) ?? (await answerTo(asked));
  return { answer, delivered: sendWebhooks(emitted, by, parts) };
}

/** Sends the App the webhooks about what somebody did; resolves when the bot has answered them. */
export function sendWebhooks(
  events: readonly RepositoryEvent[],
  by: AccountRecord,
  parts: Parts,
): Promise<unknown> {
  const webhooks = events.flatMap((it) => webhookOf(it, by, parts) ?? []);
  return Promise.all(webhooks.map((webhook) => parts.deliveries.send(webhook)));
}

/** The webhook that GitHub sends the App about an event; undefined if the App doesn't get it. */
export function webhookOf(
  { event, action, about, repository }: RepositoryEvent,
  by: AccountRecord,
  { host, installation }: Parts,
): Event | undefined {
  if (!installation.getsEvent(event, repository)) return undefined;
  const { owner } = repository;
  const { id } = installation.now;
  const payload = {
    ...(action === undefined ? {} : { action }),
    ...about,
    repository: repositoryOf(host, repository),
    organization: owner.type === "Organization" ? organizationOf(host, owner) : undefined,
    sender: accountOf(host, by),
    installation: { id, node_id: nodeId("IntegrationInstallation", id) },
  };
  return { event, action: action ?? "", payload };
}

async function answerTo(asked: Asked): Promise<Answer> {
  const { ask, spend } = asked;
  const page = pageAt(ask, asked);
  if (page !== undefined) return page;
  if (ask.path === "/graphql" && ask.method === "POST") return query(asked);
  const answer = answerOfApp(asked) ?? answerOfRepository(asked);
  return withBudget(answer, spend(ask.authorization, "core"), "core");
}

async function query(asked: Asked): Promise<Answer> {
  const { actor, ask, by, installation, spend, state } = asked;
  // Unlike the REST API, the GraphQL API needs a token.
  if (actor === "anonymous") return failure(401, "This endpoint requires you to be authenticated.");
  // Only an App's installations can query; its JSON web token can't.
  if (actor === "app") return failure(401, "Bad credentials");

  function see(name: RepositoryName, followRenames: boolean): RepositoryRecord | undefined {
    const former = followRenames ? findFormer(state, name) : undefined;
    const found = findRepository(state, name) ?? former;
    return found !== undefined && isSeen(asked, found) ? found : undefined;
  }

  const may = (names: readonly string[]) => isGranted(actor, names, "read", installation);
  // The schema takes a while to build, so it's only built for the first query.
  const { answerQuery } = await import("./graphql/answer.ts");
  const budget = spend(ask.authorization, "graphql");
  return withBudget(
    await answerQuery(ask, { see, may, login: by.login }, budget),
    budget,
    "graphql",
  );
}

function answerOfApp(asked: Asked): Answer | undefined {
  const match = findAppRoute(asked.ask);
  if (match === undefined) return undefined;
  const { route, parameters } = match;
  return refusalOfAppRoute(route, asked) ?? route.answer({ ...asked, parameters });
}

function answerOfRepository(asked: Asked): Answer {
  const located = locate(asked);
  if ("status" in located) return located;
  const { repository, path } = located;
  const match = findRoute({ method: asked.ask.method, path });
  if (match === undefined) return NOT_FOUND;
  const { route, parameters } = match;
  const inRepository: AskedInRepository = { ...asked, repository, parameters };
  return refusalOfRoute(route, inRepository) ?? route.answer(inRepository);
}

interface Located {
  readonly repository: RepositoryRecord;
  /** The path with the repository's current name. */
  readonly path: string;
}

/**
 * The repository that the path names, or GitHub's redirect from its former name to its id. That's 301, and for a
 * request that writes 307, so that the client sends the same request again; see
 * https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api.
 */
function locate(asked: Asked): Located | Answer {
  const { ask, host, state } = asked;
  const [, id, rest = ""] = /^\/repositories\/(\d+)(\/.*)?$/.exec(ask.path) ?? [];
  const [, owner = "", repo = "", below = rest] =
    /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(ask.path) ?? [];
  const name = { owner: decode(owner), repo: decode(repo) };
  const found = id === undefined ? findRepository(state, name) : state.repositories.get(Number(id));
  const repository = found ?? findFormer(state, name);
  // People who can't see the repository get a 404, so they don't learn that it moved.
  if (repository === undefined || !isSeen(asked, repository)) return NOT_FOUND;
  if (repository === found) {
    return { repository, path: `/repos/${repository.owner.login}/${repository.name}${below}` };
  }
  const url = `http://${host}/api/v3/repositories/${repository.id}${below}${ask.query}`;
  const documentation_url =
    "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects";
  return moved(ask.method === "GET" ? 301 : 307, url, { documentation_url });
}
