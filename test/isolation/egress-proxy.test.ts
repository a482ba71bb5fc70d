import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EgressProxy } from "../../src/isolation/egress-proxy.ts";
import { startEgressProxy } from "../../src/isolation/egress-proxy.ts";
import { hasBubblewrap } from "./bubblewrap.ts";
import { bubblewrap, none } from "./isolations.ts";
import { portOf } from "./outside.ts";

/** What names resolve to, one answer after the other; the last stays. */
const NAMES: Record<string, readonly (readonly string[])[]> = {
  "listed.example": [["127.0.0.1"]],
  "metadata.example": [["169.254.169.254"]],
  "private.example": [["10.0.0.1"]],
  "mapped.example": [["::ffff:127.0.0.2"]],
  "one-of-two.example": [["127.0.0.1", "10.0.0.1"]],
  // Examined, and then another: what rebinding does.
  "rebinding.example": [["127.0.0.1"], ["127.0.0.2"]],
  "nowhere.example": [[]],
};

const root = mkdtempSync(join(tmpdir(), "egress-"));
const socket = join(root, "proxy.sock");
const target = createServer((asked, answer) =>
  answer.end(`host ${asked.headers.host?.split(":")[0]}`),
);
const logged: object[] = [];
const asked: string[] = [];
let proxy: EgressProxy;
let port = 0;

beforeAll(async () => {
  chmodSync(root, 0o711);
  target.listen(0, "127.0.0.1");
  await once(target, "listening");
  port = portOf(target.address());
  proxy = await startEgressProxy({
    socket,
    hosts: ["*.example"],
    ports: [port],
    exempt: ["127.0.0.1"],
    log: { info() {}, error() {}, warn: (fields) => logged.push(fields) },
    async resolve(name) {
      const answers = NAMES[name] ?? [];
      const turn = asked.filter((one) => one === name).length;
      asked.push(name);
      const addresses = answers[Math.min(turn, answers.length - 1)] ?? [];
      return addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    },
  });
});

afterAll(async () => {
  await proxy.close();
  target.close();
  rmSync(root, { recursive: true });
});

/** The status of CONNECT, and what the target says behind it; or how the connection ended. */
async function connect(authority: string, socketPath = socket): Promise<string> {
  return new Promise((resolve) => {
    const asking = request({ socketPath, method: "CONNECT", path: authority });
    asking.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "?"));
    asking.on("connect", (answer, tunnel) => {
      if (answer.statusCode !== 200) {
        tunnel.destroy();
        resolve(String(answer.statusCode));
        return;
      }
      tunnel.end("GET / HTTP/1.1\r\nhost: target\r\nconnection: close\r\n\r\n");
      tunnel
        .setEncoding("utf8")
        .on("data", (text: string) => resolve(`200 ${text.split("\r\n\r\n")[1]}`));
    });
    asking.end();
  });
}

test("only listed names, listed ports, and addresses that were examined are reached", async () => {
  const rows: [string, string][] = [];
  for (const host of [
    ...Object.keys(NAMES),
    "not-listed.org",
    "127.0.0.1",
    "[::1]",
    "169.254.169.254",
    "2130706433",
  ]) {
    rows.push([`CONNECT ${host}`, await connect(`${host}:${port}`)]);
  }
  rows.push(["CONNECT rebinding.example again", await connect(`rebinding.example:${port}`)]);
  rows.push(["CONNECT metadata.example again", await connect(`metadata.example:${port}`)]);
  rows.push(["CONNECT another port", await connect("listed.example:22")]);
  rows.push(["CONNECT nonsense", await connect("\u00e9:x")]);
  expect(rows.map((row) => row.join(": ")).join("\n")).toMatchInlineSnapshot(`
    "CONNECT listed.example: 200 host target
    CONNECT metadata.example: 403
    CONNECT private.example: 403
    CONNECT mapped.example: 403
    CONNECT one-of-two.example: 403
    CONNECT rebinding.example: 200 host target
    CONNECT nowhere.example: 403
    CONNECT not-listed.org: 403
    CONNECT 127.0.0.1: 403
    CONNECT [::1]: 403
    CONNECT 169.254.169.254: 403
    CONNECT 2130706433: 403
    CONNECT rebinding.example again: 403
    CONNECT metadata.example again: 403
    CONNECT another port: 403
    CONNECT nonsense: 400"
  `);
  expect(logged.map((fields) => JSON.stringify(fields).replace(String(port), "PORT")))
    .toMatchInlineSnapshot(`
    [
      "{"host":"metadata.example","port":PORT,"reason":"address not public"}",
      "{"host":"private.example","port":PORT,"reason":"address not public"}",
      "{"host":"mapped.example","port":PORT,"reason":"address not public"}",
      "{"host":"one-of-two.example","port":PORT,"reason":"address not public"}",
      "{"host":"nowhere.example","port":PORT,"reason":"not found"}",
      "{"host":"not-listed.org","port":PORT,"reason":"host not listed"}",
      "{"host":"127.0.0.1","port":PORT,"reason":"host not listed"}",
      "{"host":"[::1]","port":PORT,"reason":"host not listed"}",
      "{"host":"169.254.169.254","port":PORT,"reason":"host not listed"}",
      "{"host":"2130706433","port":PORT,"reason":"host not listed"}",
      "{"host":"rebinding.example","port":PORT,"reason":"address not public"}",
      "{"host":"listed.example","port":22,"reason":"port not listed"}",
    ]
  `);
  // Once for each connection, which goes to what was examined.
  expect(asked.filter((name) => name === "rebinding.example")).toHaveLength(2);
});

test("no more than a hundred refused hosts are logged, however many there are", async () => {
  const lines: string[] = [];
  const own = join(root, "flooded.sock");
  const flooded = await startEgressProxy({
    socket: own,
    hosts: [],
    ports: [],
    exempt: [],
    log: { info() {}, error() {}, warn: (_fields, message) => lines.push(message) },
  });
  for (let round = 0; round < 2; round += 1) {
    for (let number = 0; number < 1100; number += 1) await connect(`${number}.example:443`, own);
  }
  await flooded.close();
  expect(lines).toEqual([
    ...Array.from({ length: 100 }, () => "a sandbox was refused a connection"),
    "a sandbox was refused too much: nothing more of it is logged",
  ]);
});

const ISOLATIONS = [
  {
    name: "a sandbox reaches it through a port of its own",
    make: bubblewrap,
    isThere: hasBubblewrap,
  },
  { name: "without isolation, it's at a port of the machine's", make: none, isThere: true },
] as const;

test.for(ISOLATIONS)("$name", async ({ make, isThere }, context) => {
  context.skip(!isThere, "bubblewrap or socat isn't installed");
  const isolation = make(join(root, make.name));
  const workspace = join(root, make.name, "workspace");
  await isolation.makeDirectory(join(root, make.name), workspace, "sandboxes");
  const sandbox = await isolation.open({
    command: [
      "/bin/bash",
      "-c",
      'exec 3<>/dev/tcp/127.0.0.1/$PROXY; printf "$1" >&3; cat <&3',
      "-",
      `CONNECT listed.example:${port} HTTP/1.1\r\nhost: x\r\n\r\nGET / HTTP/1.0\r\n\r\n`,
    ],
    workspace,
    state: null,
    readable: [],
    forwards: { proxy: socket },
    limits: { memory: 2 ** 27, processes: 50, disk: 2 ** 20, freeDisk: 0, time: 10_000 },
  });
  const { program, args } = sandbox.command;
  const env = { ...sandbox.environment, PROXY: String(sandbox.ports.proxy) };
  const { stdout } = await promisify(execFile)(program, args, { env });
  expect(await sandbox.close()).toBe(null);
  expect(stdout).toMatch(
    /^HTTP\/1\.1 200 Connection Established\r\n\r\nHTTP\/1\.1 200 OK[^]*host undefined$/u,
  );
  // The port is given back.
  if (make === none) expect(await connectTo(sandbox.ports.proxy)).toBe("ECONNREFUSED");
});

async function connectTo(at: number): Promise<string> {
  const asking = request({ host: "127.0.0.1", port: at });
  asking.end();
  const [error] = await once(asking, "error");
  return error.code;
}
