import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { ClientRequest, IncomingMessage } from "node:http";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBroker } from "../../src/isolation/broker.ts";
import { portOf } from "./outside.ts";

const PLACEHOLDER = "gho_standsForTheOwnersToken00000000000000";
const MIB = 2 ** 20;

const root = mkdtempSync(join(tmpdir(), "broker-"));
/** Echoes what it's sent, except that models are never answered. */
const upstream = createServer((asked, answer) => {
  if (asked.url === "/models") return;
  text(asked).then(
    (body) => answer.end(`${body.length} bytes, ${asked.headers["content-length"]} announced`),
    () => answer.destroy(),
  );
});
let url = "";
let count = 0;

beforeAll(async () => {
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  url = `http://127.0.0.1:${portOf(upstream.address())}`;
});

afterAll(() => {
  upstream.closeAllConnections();
  upstream.close();
  rmSync(root, { recursive: true });
});

async function start() {
  count += 1;
  const socket = join(root, String(count));
  const logged: string[] = [];
  const broker = await startBroker({
    socket,
    placeholder: PLACEHOLDER,
    token: () => "gho_theOwnersOwnToken00000000000000000000",
    repository: { ownerId: 1, repositoryId: 2 },
    upstreams: { copilot: url, github: url, mission_control: url },
    log: {
      info() {},
      error() {},
      warn: (fields, message) => logged.push([...Object.values(fields), message].join(" ")),
    },
  });
  return {
    socket,
    logged,
    close: async () => broker.close(),
    ask: (method: string, path: string, headers: Record<string, string | number> = {}) =>
      request({
        socketPath: socket,
        method,
        path,
        agent: false,
        headers: { authorization: `Bearer ${PLACEHOLDER}`, ...headers },
      }).on("error", () => {}),
  };
}

async function responseTo(asking: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve) => {
    asking.once("response", resolve);
  });
}

/** The status and body of what's answered. */
async function answerTo(asking: ClientRequest): Promise<string> {
  asking.end();
  const answer = await responseTo(asking);
  return `${answer.statusCode} ${await text(answer)}`;
}

const REFUSED = '{"message":"The bot doesn\'t pass this on"}';

test("all bodies of a sandbox that are open at once share one budget", async () => {
  const { ask, close } = await start();
  const announce = (bytes: number) =>
    ask("POST", "/responses", { "content-length": bytes, expect: "100-continue" });
  const open = [announce(32 * MIB), announce(32 * MIB)];
  for (const asking of open) asking.flushHeaders();
  await Promise.all(open.map(async (asking) => once(asking, "continue")));
  const more = () => ask("POST", "/responses", { "content-length": 1 });
  const refused = more();
  refused.write("x");
  expect(await answerTo(refused)).toBe(`429 ${REFUSED}`);
  expect(await answerTo(announce(32 * MIB + 1).removeAllListeners("continue"))).toBe(
    `413 ${REFUSED}`,
  );
  // What a connection has that ends is free again.
  open[0]?.destroy();
  await expect
    .poll(async () => {
      const asking = more();
      asking.write("x");
      return answerTo(asking);
    })
    .toBe("200 1 bytes, 1 announced");
  await close();
});

test("a body without a length is limited, too", async () => {
  const { ask, close } = await start();
  const asking = ask("POST", "/responses");
  asking.flushHeaders();
  const answered = responseTo(asking);
  const chunk = Buffer.alloc(MIB, "x");
  for (let sent = 0; sent <= 32; sent += 1) asking.write(chunk);
  expect((await answered).statusCode).toBe(413);
  const small = ask("POST", "/responses");
  small.write("ab");
  small.write("c");
  expect(await answerTo(small)).toBe("200 3 bytes, 3 announced");
  await close();
});

test("requests upstream end with the broker, and with whoever asks", async () => {
  const { ask, close } = await start();
  for (const end of [async (asking: ClientRequest) => asking.destroy(), close]) {
    const asking = ask("GET", "/models");
    asking.end();
    const asked = await new Promise<IncomingMessage>((resolve) => {
      upstream.once("request", resolve);
    });
    const ended = once(asked.socket, "close");
    await end(asking);
    await ended;
  }
});

test("requests at once are limited, also those of one connection", async () => {
  const { socket, close, logged } = await start();
  const one = `GET /models HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${PLACEHOLDER}\r\n\r\n`;
  for (let number = 0; number < 8; number += 1) {
    // One after the other in the same connection, none of which waits for an answer.
    connect(socket)
      .on("error", () => {})
      .write(one.repeat(5));
  }
  await expect.poll(() => logged).toEqual(["GET /models 429 a sandbox was refused a request"]);
  await close();
});

test("refused requests are logged once each, and no more than a hundred of them", async () => {
  const { ask, close, logged } = await start();
  for (let round = 0; round < 2; round += 1) {
    for (let number = 0; number < 120; number += 1)
      await answerTo(ask("GET", `/refused/${number}?${round}`));
  }
  expect(logged).toHaveLength(101);
  expect(logged.slice(98)).toEqual([
    "GET /refused/98 403 a sandbox was refused a request",
    "GET /refused/99 403 a sandbox was refused a request",
    "100 a sandbox was refused too much: nothing more of it is logged",
  ]);
  await close();
});
