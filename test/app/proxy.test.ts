import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { runtimeEnvironment } from "../../src/copilot/client.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { secretsOf } from "../../src/config/secrets.ts";
import { usePractice } from "../doctor/practice.ts";
import { COMPILED } from "../compiled.ts";
import { temporaryDirectory } from "../store/opened.ts";

const practice = usePractice();

/** A name that only the proxy knows. */
const NAME = "github.example.test";

interface Tunnel {
  readonly target: string;
  readonly credentials: string | undefined;
}

/** A proxy on this machine, through which the loopback GitHub goes by another name, and nothing else does. */
async function startProxy(user: string, password: string) {
  const tunnels: Tunnel[] = [];
  const [host = "", port = ""] = practice.github.host.split(":");
  const server = createServer((_request, response) => response.writeHead(403).end());
  server.on("connect", (request, socket) => {
    const authorization = request.headers["proxy-authorization"] ?? "";
    const credentials = Buffer.from(authorization.replace("Basic ", ""), "base64").toString();
    tunnels.push({ target: request.url ?? "", credentials });
    socket.on("error", () => {});
    if (request.url !== `${NAME}:80`) {
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    const upstream = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const origin = `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  return { tunnels, origin, url: `http://${user}:${encodeURIComponent(password)}@${origin}` };
}

function run(program: string, variables: Readonly<Record<string, string>>) {
  const { PATH, HOME, TMPDIR } = process.env;
  const file = fileURLToPath(new URL(`../../${program}`, import.meta.url));
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", file], {
    env: { ...COMPILED, PATH, HOME, TMPDIR, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

const PASSWORD = "s3cret@proxy/x";

describe("through a proxy goes", () => {
  test.each(["HTTP_PROXY", "http_proxy"])(
    "the doctor's requests to GitHub, with %s",
    async (name) => {
      const proxy = await startProxy("me", PASSWORD);
      const child = run("script/doctor.ts", {
        ...practice.variables,
        GHE_HOST: NAME,
        [name]: proxy.url,
      });
      const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
      expect(output).toMatch(/^ok +App: /mu);
      expect(proxy.tunnels[0]).toEqual({ target: `${NAME}:80`, credentials: `me:${PASSWORD}` });
      expect(output + errors).not.toContain("s3cret");
    },
  );

  test("the bot's requests to GitHub, and the log says so once, without the password", async () => {
    const proxy = await startProxy("me", PASSWORD);
    const child = run("dist/main.js", {
      ...practice.variables,
      GHE_HOST: NAME,
      HOST: "127.0.0.1",
      PORT: "0",
      DATA_DIR: temporaryDirectory(),
      http_proxy: proxy.url,
      https_proxy: proxy.url,
      no_proxy: ".inner.example.com, 10.0.0.0/8",
    });
    const before = practice.github.requests.length;
    const lines: string[] = [];
    const output = createInterface({ input: child.stdout });
    output.on("line", (line) => lines.push(line));
    // It looks for missed deliveries when it starts.
    const hasAsked = () => practice.github.requests.length > before && proxy.tunnels.length > 0;
    await vi.waitUntil(hasAsked, { timeout: 30_000 });
    child.kill("SIGTERM");
    await once(child, "exit");

    const line = z.record(z.string(), z.unknown());
    const logged = lines
      .map((written) => line.parse(JSON.parse(written)))
      .filter(({ msg }) => String(msg).includes("PROXY") || String(msg).includes("proxy"))
      .map(({ time: _time, ...fields }) => fields);
    expect(logged).toEqual([
      {
        level: "info",
        httpsProxy: `http://${proxy.origin}`,
        httpProxy: `http://${proxy.origin}`,
        noProxy: [".inner.example.com", "10.0.0.0/8", "localhost", "127.0.0.1", "[::1]"],
        msg: "requests go through a proxy",
      },
      {
        level: "warn",
        ignored: ["10.0.0.0/8"],
        msg: "NO_PROXY: networks with a mask aren't supported; use hosts or a suffix",
      },
    ]);
    expect(proxy.tunnels).toContainEqual({ target: `${NAME}:80`, credentials: `me:${PASSWORD}` });
    expect(lines.join("")).not.toContain("s3cret");
  });

  test("nothing that NO_PROXY names", async () => {
    const proxy = await startProxy("me", PASSWORD);
    const child = run("script/doctor.ts", {
      ...practice.variables,
      GHE_HOST: NAME,
      http_proxy: proxy.url,
      NO_PROXY: ".example.test",
    });
    const output = await text(child.stdout);
    expect(output).not.toMatch(/^ok +App: /mu);
    expect(proxy.tunnels.filter(({ target }) => target.startsWith(NAME))).toEqual([]);
  });
});

test("the runtime gets the proxy as well, whichever case was set", () => {
  const variables = { ...practice.variables, https_proxy: "http://proxy.example.com:3128" };
  const environment = readEnvironment(variables);
  expect(runtimeEnvironment({ ...variables, ...environment })).toMatchObject({
    HTTPS_PROXY: "http://proxy.example.com:3128",
    NO_PROXY: "localhost,127.0.0.1,[::1]",
  });
});

test("the password of a proxy is a secret", () => {
  const environment = readEnvironment({
    ...practice.variables,
    https_proxy: "http://me:s3cret%40pass@proxy.example.com:3128",
  });
  expect(secretsOf(environment)).toEqual(expect.arrayContaining(["s3cret%40pass", "s3cret@pass"]));
});
