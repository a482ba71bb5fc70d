import type { Actors } from "./actors.ts";
import { mendAnswer } from "./answers.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Emulator } from "./emulator.ts";
import { watch } from "./events.ts";
import { answerAboutHook } from "./hook.ts";
import type { Reactions } from "./reactions.ts";
import { botLogin } from "./seed.ts";
import type { Account, Answer, Ask } from "./shapes.ts";
import { failure, trusted } from "./shapes.ts";
import type { State } from "./state.ts";
import type { Turns } from "./turns.ts";

/** What a request led to. */
export interface Performed {
  readonly answer: Answer;
  /** Resolves when the bot has answered the webhooks of the events that the request caused. */
  readonly delivered: Promise<unknown>;
}

/** The parts that GitHub is made of. */
export interface Parts {
  readonly actors: Actors;
  readonly deliveries: Deliveries;
  readonly emulator: Emulator;
  readonly reactions: Reactions;
  readonly state: State;
  /** What changes something takes turns: an event tells what one request alone has changed. */
  readonly turns: Turns;
}

/** GitHub limits a comment to as many characters. */
const commentLimit = 65_536;

/** Answers a request as GitHub would, whoever asks, and sends the webhooks. */
export async function perform(ask: Ask, parts: Parts): Promise<Performed> {
  const refused = refusal(ask, parts);
  if (refused !== undefined) return { answer: refused, delivered: Promise.resolve() };
  const { deliveries, emulator, reactions } = parts;
  const sender = await senderOf(ask, parts);
  const own =
    (await reactions.answer(ask, sender)) ?? (await answerAboutHook(ask, emulator, deliveries));
  if (own !== undefined) return { answer: own, delivered: Promise.resolve() };

  const work = () => forward(ask, sender, parts);
  return ask.method === "GET" ? work() : parts.turns.take(work);
}

async function forward(ask: Ask, sender: Account | undefined, parts: Parts): Promise<Performed> {
  const { actors, deliveries, emulator, state } = parts;
  const eventsOf = await watch(ask, state);
  const actor = actors.of(ask.authorization);
  const login = typeof actor === "object" ? actor.login : undefined;
  const answer = await mendAnswer(await emulator.ask(ask), ask, login, state);
  rememberToken(ask, answer, actors);
  const events = await eventsOf(answer, sender);
  return { answer, delivered: Promise.all(events.map((event) => deliveries.send(event))) };
}

function refusal({ authorization, path, body }: Ask, { actors }: Parts): Answer | undefined {
  const actor = actors.of(authorization);
  if (actor === "unknown") return failure(401, "Bad credentials");
  const isBot = typeof actor === "object" && actor.login === botLogin;
  if (isBot && path === "/user") return failure(403, "Resource not accessible by integration");
  const { body: text } = trusted<{ readonly body?: unknown }>(body ?? {});
  if (!path.includes("/comments") || typeof text !== "string") return undefined;
  if (text.length <= commentLimit) return undefined;
  const message = `Body is too long (maximum is ${commentLimit} characters)`;
  const error = { resource: "IssueComment", code: "unprocessable", field: "data", message };
  return failure(422, "Validation Failed", [error]);
}

async function senderOf(ask: Ask, { actors, state }: Parts): Promise<Account | undefined> {
  const actor = actors.of(ask.authorization);
  if (ask.method === "GET" || typeof actor !== "object") return undefined;
  const account = await state.account(actor.login);
  return account && briefly(account);
}

/** GitHub names an account in an event with fewer fields than the account's own page has. */
function briefly(account: Account): Account {
  const { login, id, node_id, avatar_url, gravatar_id, url, html_url, type, site_admin } = account;
  return { login, id, node_id, avatar_url, gravatar_id, url, html_url, type, site_admin };
}

function rememberToken({ path }: Ask, { status, body }: Answer, actors: Actors): void {
  if (status !== 201 || !/^\/app\/installations\/\d+\/access_tokens$/.test(path)) return;
  const { token } = trusted<{ readonly token: string }>(body);
  actors.remember(token, botLogin);
}
