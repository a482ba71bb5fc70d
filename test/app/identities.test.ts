import { randomBytes } from "node:crypto";
import { expect, test, vi } from "vitest";
import { createCredentials } from "../../src/app/credentials.ts";
import { createIdentities } from "../../src/app/identities.ts";
import { createLog } from "../../src/app/logging.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import type { Connections } from "../../src/ports/connections.ts";
import { REQUIRED } from "../config/required.ts";
import type { Layer } from "../core/task.ts";
import { ASKED, taskWith } from "../core/task.ts";

const FOUR = {
  GITHUB_CLIENT_ID: "Iv23liAbCdEfGhIjKlMn",
  GITHUB_CLIENT_SECRET: "s3cret",
  PUBLIC_URL: "https://bot.example.com",
  ENCRYPTION_KEYS: randomBytes(32).toString("base64"),
};
// Nobody answers there when it's asked whose token it is.
const NOWHERE = { GHE_HOST: "127.0.0.1:9", GHE_PROTOCOL: "http" };

const never = () => Promise.reject(new Error("not asked here"));

const CONNECTIONS: Connections = {
  find: never,
  connect: never,
  disconnect: never,
  revoked: never,
  refused: never,
  isCurrent: never,
  tokenOf: () =>
    Promise.resolve({
      type: "token",
      token: "ghu_octocat",
      login: "octocat",
      usableUntil: null,
    }),
};

const OCTOCATS = { type: "identity", token: "ghu_octocat", usableUntil: null };
const THE_BOTS = {
  type: "identity",
  token: REQUIRED.COPILOT_GITHUB_TOKEN,
  usableUntil: null,
};
const UNAVAILABLE = { type: "unavailable" };

const chose = (identity: "requester" | "bot"): Layer => ({ decision: { identity } });

function identityOf(token: "with" | "without", people: Connections | null, layers: Layer[]) {
  const { COPILOT_GITHUB_TOKEN: shared, ...others } = REQUIRED;
  const own = token === "with" ? { COPILOT_GITHUB_TOKEN: shared } : {};
  const connecting = people === null ? {} : FOUR;
  const environment = readEnvironment({ ...others, ...NOWHERE, ...own, ...connecting });
  const options = { environment, variables: {}, log: createLog("silent") };
  return createIdentities(options, people, createCredentials()).identityFor(taskWith(...layers));
}

test("a task uses what was chosen for it, and never anything else", async () => {
  expect(await identityOf("with", CONNECTIONS, [chose("bot")])).toEqual(THE_BOTS);
  expect(await identityOf("with", CONNECTIONS, [chose("requester")])).toEqual(OCTOCATS);
  expect(await identityOf("without", CONNECTIONS, [chose("bot")])).toEqual(UNAVAILABLE);
  expect(await identityOf("without", CONNECTIONS, [chose("bot"), ASKED])).toEqual(UNAVAILABLE);
  expect(await identityOf("with", null, [chose("requester")])).toEqual(UNAVAILABLE);
});

test("a token for a session that begins is asked for its task", async () => {
  const tokenOf = vi.fn<Connections["tokenOf"]>((userId) => CONNECTIONS.tokenOf(userId));
  const environment = readEnvironment({ ...REQUIRED, ...NOWHERE, ...FOUR });
  const options = { environment, variables: {}, log: createLog("silent") };
  const identities = createIdentities(options, { ...CONNECTIONS, tokenOf }, createCredentials());
  const task = taskWith(chose("requester"));
  expect(await identities.identityToBegin(task)).toEqual(OCTOCATS);
  expect(await identities.identityFor(task)).toEqual(OCTOCATS);
  expect(tokenOf.mock.calls).toEqual([
    [task.requester.id, task.id],
    [task.requester.id, undefined],
  ]);
  expect(await identities.identityToBegin(taskWith(chose("bot")))).toEqual(THE_BOTS);
});

test("where nothing was chosen, a session is the bot's, and before there's one it's decided again", async () => {
  expect(await identityOf("with", CONNECTIONS, [ASKED])).toEqual(THE_BOTS);
  expect(await identityOf("without", CONNECTIONS, [ASKED])).toEqual(UNAVAILABLE);
  expect(await identityOf("without", CONNECTIONS, [])).toEqual(OCTOCATS);
});
