import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createCipher } from "../../src/identity/cipher.ts";
import { createConnections } from "../../src/identity/connections.ts";
import { createWebSessions } from "../../src/identity/web-sessions.ts";
import { rotateKeys } from "../../src/identity/rotation.ts";
import { COMPILED } from "../compiled.ts";
import { MINUTE_MS, NO_RIGHTS, OCTOCAT } from "../identity/connected-bot.ts";
import { FakeAuthorization } from "../identity/fake-authorization.ts";
import { newKey } from "../identity/keys.ts";
import { openStore } from "./opened.ts";

const PROGRAM = fileURLToPath(new URL("../identity/killed-process.ts", import.meta.url));
const [NEW, OLD] = [newKey(), newKey()];

/** By now the claims of whoever was killed have lapsed. */
const later = () => new Date(Date.now() + MINUTE_MS);

/** A bot that survives, the GitHub of both, and another bot that is killed at a point of an act. */
async function bots() {
  const store = await openStore();
  const github = new FakeAuthorization(() => new Date());
  const shared = {
    cipher: createCipher([OLD]),
    authorization: github,
    host: "github.com",
    now: later,
  };
  const connections = createConnections({
    ...shared,
    rows: store.connectionRows,
    sessions: createWebSessions({
      ...shared,
      rows: store.webSessionRows,
      random: () => "secret",
    }),
    log: { warn() {}, error() {} },
  });
  async function connect(id = OCTOCAT.id, leftMs: number | null = null) {
    const rest = { kind: "app", rights: NO_RIGHTS, connectedAt: later().toISOString() } as const;
    const expiresAt = leftMs === null ? null : new Date(Date.now() + leftMs).toISOString();
    await connections.connect({ person: { ...OCTOCAT, id }, ...rest, expiresAt }, github.issue());
  }
  async function kill(act: string, point: string) {
    const keys = (act === "rotate" ? [NEW, OLD] : [OLD]).map((key) => key.export());
    const args = [act, point, ...keys.map((key) => key.toString("base64"))];
    const execArgv = ["--disable-warning=ExperimentalWarning"];
    const bot = fork(PROGRAM, args, { env: { ...COMPILED, ...store.variables }, execArgv });
    bot.on("message", ({ method, token }: { method: "refresh" | "withdraw"; token: string }) => {
      // When the answer arrives, it's alive; whether it still is afterward doesn't matter.
      void github[method](token).then((answer) =>
        bot.send(typeof answer === "object" ? answer : { type: "done" }, () => {}),
      );
    });
    const [, signal] = await once(bot, "exit");
    expect(signal).toBe("SIGKILL");
  }
  /** What the person gets from the bot that survives, and what GitHub was asked in all. */
  async function outcome() {
    const given = await connections.tokenOf(OCTOCAT.id);
    const token = given.type === "token" ? `token ${given.token.split("_").at(-1)}` : given.type;
    return `${token}; refreshes: ${github.refreshes.length}, withdrawn: ${github.withdrawn.length}`;
  }
  return { store, connections, connect, kill, outcome };
}

// The table of docs/operations.md.
test.each([
  ["connect", "before put", "not_connected; refreshes: 0, withdrawn: 0"],
  ["connect", "after put", "token 1; refreshes: 0, withdrawn: 0"],
  ["refresh", "before claimRefresh", "token 2; refreshes: 1, withdrawn: 0"],
  ["refresh", "after claimRefresh", "token 2; refreshes: 1, withdrawn: 0"],
  ["refresh", "after refresh", "ended; refreshes: 2, withdrawn: 0"],
  ["refresh", "before finishRefresh", "ended; refreshes: 2, withdrawn: 0"],
  ["refresh", "after finishRefresh", "token 2; refreshes: 1, withdrawn: 0"],
  ["disconnect", "before remove", "token 1; refreshes: 0, withdrawn: 0"],
  ["disconnect", "after remove", "not_connected; refreshes: 0, withdrawn: 0"],
  ["disconnect", "after withdraw", "not_connected; refreshes: 0, withdrawn: 1"],
])("killed with -9 during %s, %s: %s", async (act, point, expected) => {
  const { connect, kill, outcome } = await bots();
  if (act !== "connect") await connect(OCTOCAT.id, act === "refresh" ? 2 * MINUTE_MS : null);
  await kill(act, point);
  expect(await outcome()).toBe(expected);
  // Asked again, it's the same: nobody is asked to connect twice, and GitHub isn't asked again.
  expect(await outcome()).toBe(expected);
});

test.each(["before reseal", "after reseal"])(
  "killed with -9 during a rotation, %s: all tokens are there, and the next rotation does the rest",
  async (point) => {
    const { store, connect, kill } = await bots();
    for (const id of [1, 2, 3]) await connect(id);
    await kill("rotate", point);
    const current = point === "after reseal" ? 1 : 0;
    expect(await rotateKeys(store.connectionRows, createCipher([NEW, OLD]))).toEqual({
      resealed: 3 - current,
      current,
      locked: [],
    });
  },
);
