import { briefly } from "./accounts.ts";
import type { Actors } from "./actors.ts";
import { appToken } from "./actors.ts";
import { mendAnswer } from "./answers.ts";
import { answerAboutInstallation } from "./app/installation-answers.ts";
import type { Installation } from "./app/installation.ts";
import { answerAboutApp } from "./app/settings.ts";
import type { AppSettings } from "./app/settings.ts";
import { placeOf, pullsOfBranch } from "./branch-rules.ts";
import type { Clock } from "./clock.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Emulator } from "./emulator.ts";
import { watch } from "./events.ts";
import { answerAboutHook } from "./hook.ts";
import { answerAboutLock } from "./locks.ts";
import type { Moves } from "./moves.ts";
import type { Queries } from "./queries.ts";
import type { Reactions } from "./reactions.ts";
import { refusalOfAsk, refusalOfAsker } from "./refusals.ts";
import { repositoryPath } from "./routes.ts";
import { administrator, botLogin, tokenOf } from "./seed.ts";
import type { Account, Answer, Ask, Pull } from "./shapes.ts";
import { trusted } from "./shapes.ts";
import type { State } from "./state.ts";
import type { Teams } from "./teams.ts";
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
  readonly clock: Clock;
  readonly deliveries: Deliveries;
  readonly emulator: Emulator;
  readonly installation: Installation;
  readonly moves: Moves;
  readonly queries: Queries;
  readonly reactions: Reactions;
  readonly settings: AppSettings;
  readonly state: State;
  readonly teams: Teams;
  /** What changes something takes turns: an event tells what one request alone has changed. */
  readonly turns: Turns;
}

/** Answers a request as GitHub would, whoever asks, and sends the webhooks. */
export async function perform(asked: Ask, parts: Parts): Promise<Performed> {
  const refused = refusalOfAsker(asked, parts);
  if (refused !== undefined) return silent(refused);
  const ask = await parts.moves.follow(inEmulator(asked, parts));
  if ("status" in ask) return silent(ask);
  const sender = await senderOf(ask, parts);
  const own = await answerApart(ask, sender, parts);
  if (own !== undefined) return silent(own);
  const work = () => forward(ask, sender, parts);
  return ask.method === "GET" ? work() : parts.turns.take(work);
}

function silent(answer: Answer): Performed {
  return { answer, delivered: Promise.resolve() };
}

/** An App's token is looked at here; for emulate, whose clock may be another, there is one of its own. */
function inEmulator(ask: Ask, { actors, emulator }: Parts): Ask {
  if (actors.of(ask.authorization) !== "app") return ask;
  return { ...ask, authorization: `Bearer ${appToken(emulator.privateKey)}` };
}

/** The answer to what emulate is not asked about, and to what is refused. */
async function answerApart(
  ask: Ask,
  sender: Account | undefined,
  parts: Parts,
): Promise<Answer | undefined> {
  const { actors, deliveries, emulator, queries, reactions, settings, state, teams } = parts;
  const get = async (path: string) => {
    const { authorization } = ask;
    return (await perform({ method: "GET", path, query: "", authorization }, parts)).answer;
  };
  const answer =
    (await queries.answer(ask, get)) ??
    (await refusalOfAsk(ask, parts)) ??
    (await reactions.answer(ask, sender)) ??
    (await teams.answer(ask)) ??
    answerAboutHook(ask, deliveries) ??
    (await answerAboutApp(ask, settings, state, emulator)) ??
    (await answerAboutInstallation(ask, parts));
  if (answer !== undefined) rememberToken(ask, answer, actors);
  return answer;
}

async function forward(ask: Ask, sender: Account | undefined, parts: Parts): Promise<Performed> {
  const { actors, deliveries, emulator, installation, moves, state } = parts;
  const eventsOf = await watch(ask, state, installation);
  const noteMove = await moves.watch(ask);
  const orphans = ask.method === "DELETE" ? await pullsOfBranch(ask, state) : [];
  const actor = actors.of(ask.authorization);
  const login = typeof actor === "object" ? actor.login : undefined;
  const given = (await answerAboutLock(ask, state)) ?? (await emulator.ask(ask));
  noteMove(given);
  if (given.status < 300 && ask.path.includes("/git/refs/")) {
    await Promise.all(orphans.map((pull) => close(pull, emulator)));
  }
  const answer = await mendAnswer(given, ask, login, state);
  const events = await eventsOf(answer, sender);
  return { answer, delivered: Promise.all(events.map((event) => deliveries.send(event))) };
}

async function close(pull: Pull, emulator: Emulator): Promise<void> {
  const authorization = `Bearer ${tokenOf(administrator)}`;
  const path = `${repositoryPath(placeOf(pull))}/pulls/${pull.number}`;
  await emulator.ask({
    method: "PATCH",
    path,
    query: "",
    authorization,
    body: { state: "closed" },
  });
}

async function senderOf(ask: Ask, { actors, state }: Parts): Promise<Account | undefined> {
  const actor = actors.of(ask.authorization);
  if (ask.method === "GET" || typeof actor !== "object") return undefined;
  const account = await state.account(actor.login);
  return account && briefly(account);
}

function rememberToken({ path }: Ask, { status, body }: Answer, actors: Actors): void {
  if (status !== 201 || !/^\/app\/installations\/\d+\/access_tokens$/.test(path)) return;
  const { token, permissions } = trusted<{
    readonly token: string;
    readonly permissions: Readonly<Record<string, string>>;
  }>(body);
  actors.remember(token, botLogin, permissions);
}
