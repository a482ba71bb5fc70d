import { createSecretKey } from "node:crypto";
import { once } from "node:events";
import { createCipher } from "../../src/identity/cipher.ts";
import { createConnections } from "../../src/identity/connections.ts";
import { createWebSessions } from "../../src/identity/web-sessions.ts";
import { rotateKeys } from "../../src/identity/rotation.ts";
import type { Granted } from "../../src/ports/authorization.ts";
import { createConnectionRows } from "../../src/store/connections.ts";
import { createWebSessionRows } from "../../src/store/web-sessions.ts";
import { openDatabase } from "../../script/lib/open-database.ts";
import { databasePlace } from "../../script/lib/database-place.ts";

// A bot of which only the connections are there, and which is killed at a point of what it's asked to do, such as
// `before finishRefresh`. GitHub is the process that started it.

const [, , act, point, ...keys] = process.argv;
const USER_ID = 583_231;

/** The same object, in which the method that the point names kills this process. */
function deadly<Methods extends object>(methods: Methods): Methods {
  return new Proxy(methods, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return async (...args: unknown[]) => {
        if (point === `before ${String(name)}`) process.kill(process.pid, "SIGKILL");
        const result: unknown = await Reflect.apply(method, target, args);
        if (point === `after ${String(name)}`) process.kill(process.pid, "SIGKILL");
        return result;
      };
    },
  });
}

async function ask(method: "refresh" | "withdraw", token: string): Promise<Granted> {
  process.send?.({ method, token });
  const [answer]: Granted[] = await once(process, "message");
  if (answer === undefined) throw new Error("no answer");
  return answer;
}

const authorization = {
  refresh: (token: string) => ask("refresh", token),
  withdraw: async (token: string) => (await ask("withdraw", token)).type !== "refused",
  revoke: () => Promise.reject(new Error("not asked here")),
  stateOf: () => Promise.reject(new Error("not asked here")),
};
const database = openDatabase(databasePlace(process.env));
const rows = deadly(createConnectionRows(database));
const cipher = createCipher(keys.map((key) => createSecretKey(Buffer.from(key, "base64"))));
const shared = {
  cipher,
  authorization: deadly(authorization),
  host: "github.com",
  now: () => new Date(),
};
const connections = createConnections({
  ...shared,
  rows,
  sessions: createWebSessions({
    ...shared,
    rows: createWebSessionRows(database),
    random: () => "secret",
  }),
  log: { warn() {}, error() {} },
});

const ACTS: Readonly<Record<string, () => Promise<unknown>>> = {
  connect: () =>
    connections.connect(
      {
        person: { id: USER_ID, login: "octocat" },
        kind: "app",
        rights: { plan: null, cloudSessions: null, remoteControl: null },
        connectedAt: new Date().toISOString(),
        expiresAt: null,
      },
      { token: "ghu_s3cret_token_1", refreshToken: null },
    ),
  refresh: () => connections.tokenOf(USER_ID),
  disconnect: () => connections.disconnect(USER_ID),
  rotate: () => rotateKeys(rows, cipher),
};

await ACTS[act ?? ""]?.();
// Nothing killed it.
process.exit(3);
