import type { Actors } from "./actors.ts";
import { grants } from "./app/installation-answers.ts";
import type { Installation } from "./app/installation.ts";
import { refusalOfToken } from "./app/json-web-token.ts";
import type { Clock } from "./clock.ts";
import type { Emulator } from "./emulator.ts";
import { locate, repositoryOf, underRepository } from "./routes.ts";
import { botLogin } from "./seed.ts";
import type { Answer, Ask, RepositoryName } from "./shapes.ts";
import { failure, trusted } from "./shapes.ts";
import type { State } from "./state.ts";

/** What decides whether GitHub does what is asked. */
export interface Gatekeepers {
  readonly actors: Actors;
  readonly clock: Clock;
  readonly emulator: Emulator;
  readonly installation: Installation;
  readonly state: State;
}

/** GitHub limits a comment to as many characters. */
const commentLimit = 65_536;
const appsAlone =
  /^\/app(?:\/|$)|^\/(?:repos\/[^/]+\/[^/]+|orgs\/[^/]+|users\/[^/]+)\/installation$/;

/** Why GitHub lets nobody ask in this name, if it does not. */
export function refusalOfAsker(ask: Ask, parts: Gatekeepers): Answer | undefined {
  const { actors, clock, emulator, installation } = parts;
  const actor = actors.of(ask.authorization);
  if (actor === "unknown") return failure(401, "Bad credentials");
  if (actor === "app") {
    const token = (ask.authorization ?? "").replace(/^\w+\s+/, "");
    return refusalOfToken(token, emulator.privateKey, clock.now());
  }
  if (appsAlone.test(ask.path)) return failure(401, "A JSON web token could not be decoded");
  if (!isBot(actor)) return undefined;
  if (installation.now.status === "suspended")
    return failure(403, "This installation has been suspended");
  return ask.path === "/user" ? notForApps() : undefined;
}

/** Why GitHub does not do what is asked, if it does not. */
export async function refusalOfAsk(ask: Ask, parts: Gatekeepers): Promise<Answer | undefined> {
  const { actors, state } = parts;
  const actor = actors.of(ask.authorization);
  const place = repositoryOf(ask.path);
  if (isBot(actor)) {
    const refused = await refusalOfBot(ask, place, parts);
    if (refused !== undefined) return refused;
  }
  if (place === undefined || ask.method === "GET") return undefined;
  const login = typeof actor === "object" ? actor.login : "";
  return (await archived(ask, place, state)) ?? (await locked(ask, login, state)) ?? tooLong(ask);
}

function isBot(actor: ReturnType<Actors["of"]>): boolean {
  return typeof actor === "object" && actor.login === botLogin;
}

function notForApps(): Answer {
  return failure(403, "Resource not accessible by integration");
}

const permission = underRepository("/collaborators/[^/]+/permission");

/** The installation's token reads what is public anywhere, and more only where the App is installed. */
async function refusalOfBot(
  ask: Ask,
  place: RepositoryName | undefined,
  { actors, installation, state }: Gatekeepers,
): Promise<Answer | undefined> {
  const reads = ask.method === "GET";
  const repository = place && (await state.repository(place));
  const open = reads && repository?.private !== true;
  if (place !== undefined && repository !== undefined && !(await installation.covers(place))) {
    if (repository.private) return failure(404, "Not Found");
    return open && locate(permission, ask.path) === undefined ? undefined : notForApps();
  }
  const need = needs.find((it) => it.pattern.test(ask.path));
  if (need === undefined || (open && place !== undefined)) return undefined;
  const subject = locate(need.pattern, ask.path);
  const issue = subject !== undefined && subject.number > 0 && !(await state.pull(subject));
  const names = issue ? need.names.slice(0, 1) : need.names;
  const level = reads ? "read" : "write";
  return isGranted(ask, names, level, { actors, installation }) ? undefined : notForApps();
}

/** Whether the asker, if it is the bot, was granted one of the permissions, at least at this level. */
export function isGranted(
  { authorization }: Ask,
  names: readonly string[],
  level: "read" | "write",
  { actors, installation }: Pick<Gatekeepers, "actors" | "installation">,
): boolean {
  const actor = actors.of(authorization);
  if (!isBot(actor) || typeof actor !== "object") return true;
  const { permissions } = installation.now;
  return [permissions, actor.permissions ?? permissions].every((it) => grants(it, names, level));
}

interface Need {
  readonly pattern: RegExp;
  /** Any of them will do for a pull request, and the first alone for an issue. */
  readonly names: readonly string[];
}

/** What permission a request takes; see https://docs.github.com/rest/authentication/permissions-required-for-github-apps. */
const needs: readonly Need[] = [
  { pattern: /^\/orgs\/[^/]+\/(?:teams|members|memberships)(?:\/|$)/, names: ["members"] },
  {
    pattern: underRepository(String.raw`/issues/(?<number>\d+)(?:/.+)?`),
    names: ["issues", "pull_requests"],
  },
  { pattern: underRepository("/issues(?:/.+)?"), names: ["issues", "pull_requests"] },
  { pattern: underRepository("/labels(?:/.+)?"), names: ["issues", "pull_requests"] },
  { pattern: underRepository("/pulls(?:/.+)?"), names: ["pull_requests"] },
  {
    pattern: underRepository("/(?:contents|readme|git|branches|commits|compare)(?:/.+)?"),
    names: ["contents"],
  },
];

const wholeRepository = underRepository("");
const transfer = underRepository("/transfer");

async function archived(
  { method, path, body }: Ask,
  place: RepositoryName,
  state: State,
): Promise<Answer | undefined> {
  const repository = await state.repository(place);
  if (repository?.["archived"] !== true || locate(transfer, path) !== undefined) return undefined;
  const whole = locate(wholeRepository, path) !== undefined;
  const wakes = trusted<{ readonly archived?: unknown }>(body ?? {}).archived === false;
  if (whole && (method === "DELETE" || wakes)) return undefined;
  return failure(403, "Repository was archived so is read-only.");
}

const comments = underRepository(String.raw`/issues/(?<number>\d+)/comments`);

/** Only people with write access comment on a locked conversation, and an App is none of them. */
async function locked(ask: Ask, login: string, state: State): Promise<Answer | undefined> {
  const place = locate(comments, ask.path);
  if (place === undefined || state.notes.lockOf(place) === undefined) return undefined;
  const role = await state.role(place, login);
  if (role?.permission === "write" || role?.permission === "admin") return undefined;
  return failure(403, "Unable to create comment because issue is locked.");
}

function tooLong({ path, body }: Ask): Answer | undefined {
  const { body: text } = trusted<{ readonly body?: unknown }>(body ?? {});
  if (!path.includes("/comments") || typeof text !== "string") return undefined;
  if (text.length <= commentLimit) return undefined;
  const message = `Body is too long (maximum is ${commentLimit} characters)`;
  const error = { resource: "IssueComment", code: "unprocessable", field: "data", message };
  return failure(422, "Validation Failed", [error]);
}
