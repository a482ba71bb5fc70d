import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../store/opened.ts";
import { listening, ownVariables, PROGRAM, startRegister } from "./registration/registering.ts";

const NOBODY = 65_534;

/** Runs the program, which writes one line and ends. */
function run(directory: string, args: readonly string[], variables = {}, more = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...PROGRAM, "https://bot.example.com", ...args],
    {
      cwd: directory,
      env: { ...ownVariables(directory), ...variables },
      encoding: "utf8",
      timeout: 20_000,
      ...more,
    },
  );
  expect({ stdout, lines: stderr.trimEnd().split("\n").length }).toEqual({
    stdout: "",
    lines: 1,
  });
  return { status, stderr };
}

test("an address that isn't one is refused in the words of --help", () => {
  const { status, stderr } = spawnSync(process.execPath, [...PROGRAM, "http://bot.example.com"], {
    cwd: temporaryDirectory(),
    env: { PATH: process.env["PATH"] },
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([
    64,
    "script/register: ADDRESS must be an address like https://bot.example.com.\n",
  ]);
});

describe("what's in the way is said in a sentence, and .env stays", () => {
  test.each([
    ["APP_ID=1\nGITHUB_CLIENT_ID=Iv1\n", [], 65, /^\.env already has APP_ID, GITHUB_CLIENT_ID\. /u],
    [
      "APP_ID=1\n",
      ["--self-hosted"],
      65,
      /^\.env already has APP_ID\. To let this App push .* set Contents to Read and write under “Permissions & events” in its settings; then .* accepts that\. To register another App, /u,
    ],
    [
      "PUBLIC_URL=https://one.example.com\n",
      ["--public-url", "https://two.example.com"],
      65,
      /^\.env already has another PUBLIC_URL\. /u,
    ],
    ["", ["--public-url", "http://bot.example.com"], 64, /--public-url .*without a path/u],
    ["", ["--organization", "octo org"], 64, /--organization .*like octo-org/u],
    ["PUBLIC_URL=bot.example.com\n", [], 64, /PUBLIC_URL is missing or wrong/u],
    ["GH_ORG=octo org\n", [], 64, /GH_ORG is wrong\. .*like octo-org/u],
    ["GHE_HOST=https://ghe.example.com\n", [], 64, /GHE_HOST must be a host name/u],
    ["GHE_HOST=ghe.test\nHTTPS_PROXY=proxy\n", [], 64, /HTTPS_PROXY must be the URL/u],
    [
      "GHE_HOST=ghe.invalid\n",
      [],
      69,
      /^GitHub can't be reached at https:\/\/ghe\.invalid\/api\/v3: /u,
    ],
  ] as const)("%j %j", (text, args, code, said) => {
    const directory = temporaryDirectory();
    const file = join(directory, ".env");
    if (text !== "") writeFileSync(file, text);
    const { status, stderr } = run(directory, args);
    expect([status, stderr]).toEqual([code, expect.stringMatching(said)]);
    expect(readdirSync(directory)).toEqual(text === "" ? [] : [".env"]);
    if (text !== "") expect(readFileSync(file, "utf8")).toBe(text);
  });

  test("the port is taken", async () => {
    // It's what answers as GitHub, too.
    const other = createServer((_request, response) => void response.end("{}"));
    onTestFinished(() => other[Symbol.asyncDispose]());
    const port = await listening(other);
    const registering = startRegister({
      directory: temporaryDirectory(),
      args: ["--port", String(port)],
      variables: { GHE_HOST: `127.0.0.1:${port}`, GHE_PROTOCOL: "http" },
    });
    await expect(registering).rejects.toThrow(
      `"errors":"Another process listens on port ${port}. Choose another port, like --port ${port + 1}.\\n","code":69`,
    );
  });

  test(".env is a directory, or can't be written", () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, ".env"));
    expect(run(directory, [])).toEqual({
      status: 73,
      stderr: ".env can't be written: it's a directory. Fix that, and run this again.\n",
    });
    rmSync(join(directory, ".env"), { recursive: true });
    const nobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    expect(run("/usr", [], {}, nobody)).toEqual({
      status: 73,
      stderr: ".env can't be written: permission denied. Fix that, and run this again.\n",
    });
  });
});
