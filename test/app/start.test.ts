import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { lockDataDirectory } from "../../src/store/directory.ts";
import { COMPILED } from "../compiled.ts";
import { temporaryDirectory } from "../store/opened.ts";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
/** Not root, whom no permission stops. */
const NOBODY = 65_534;

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const SETTINGS = {
  APP_ID: "4711",
  PRIVATE_KEY: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
  WEBHOOK_SECRET: "b2f8c1d94e6a7f30",
  COPILOT_GITHUB_TOKEN: "github_pat_11ABC",
  HOST: "127.0.0.1",
  PORT: "0",
  DATABASE_WAIT_SECONDS: "0",
};

/** Starts the bot, which can't start; gives what an administrator sees. */
async function start(variables: Readonly<Record<string, string>>) {
  const { PATH, HOME, TMPDIR } = process.env;
  const program = ["--disable-warning=ExperimentalWarning", MAIN];
  const child = spawn(process.execPath, program, {
    env: { ...COMPILED, PATH, HOME, TMPDIR, ...SETTINGS, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
    // The checkout must be readable for it, as it is in CI.
    ...(process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  expect(output + errors).not.toContain("s3cret");
  return { code: Number(code), errors };
}

/** A directory in which the bot may do what the mode says. */
function directory(mode: number): string {
  const path = temporaryDirectory();
  chmodSync(path, mode);
  return path;
}

describe("a DATA_DIR that can't be used stops the start with one sentence", () => {
  test.each<readonly [string, () => readonly [path: string, sentence: string]]>([
    [
      "a file",
      () => {
        const path = join(directory(0o755), "data");
        writeFileSync(path, "");
        return [path, `DATA_DIR (${path}) isn't a directory. Set DATA_DIR to a directory.`];
      },
    ],
    [
      "below a file",
      () => {
        const file = join(directory(0o755), "file");
        writeFileSync(file, "");
        const path = join(file, "data");
        return [path, `DATA_DIR (${path}) isn't inside a directory. Set DATA_DIR to a directory.`];
      },
    ],
    [
      "without the right to write",
      () => {
        const path = directory(0o555);
        return [path, `DATA_DIR (${path}) ${NOT_WRITABLE}`];
      },
    ],
    [
      "in a directory without the right to write",
      () => {
        const path = join(directory(0o555), "data");
        return [path, `DATA_DIR (${path}) ${NOT_WRITABLE}`];
      },
    ],
    ...["lock.db", "tasks.db", "tasks.db-wal"].map(
      (name) =>
        [
          `with somebody else's ${name}`,
          () => {
            const path = directory(0o777);
            writeFileSync(join(path, name), "", { mode: 0o444 });
            const sentence = `${join(path, name)} isn't writable for this user. Make the bot's user the owner of the files in DATA_DIR.`;
            return [path, sentence] as const;
          },
        ] as const,
    ),
    [
      "with something else in the place of the database",
      () => {
        const path = directory(0o777);
        mkdirSync(join(path, "tasks.db"));
        chmodSync(join(path, "tasks.db"), 0o777);
        const sentence = `${join(path, "tasks.db")} can't be opened: unable to open database file. Make the bot's user the owner of the files in DATA_DIR.`;
        return [path, sentence];
      },
    ],
  ])("%s", async (_what, prepare) => {
    const [DATA_DIR, sentence] = prepare();
    expect(await start({ DATA_DIR })).toEqual({
      code: 78,
      errors: `The bot can't start:\n  ${sentence}\n`,
    });
  });

  test("of another bot, which may end soon", async () => {
    const path = directory(0o777);
    const lock = lockDataDirectory(path);
    onTestFinished(() => lock.release());
    chmodSync(join(path, "lock.db"), 0o666);
    const { code, errors } = await start({ DATA_DIR: path });
    expect(code).toBe(69);
    expect(errors).toContain(`${path} is in use by another process`);
  });
});

const NOT_WRITABLE =
  "isn't writable for this user. Make the user its owner, or set DATA_DIR to another directory.";

describe("a DATABASE_URL that can't be used stops the start, without its password", () => {
  test("of a wrong form", async () => {
    const DATABASE_URL = "postgres://bot:12#s3cret@db.example.com/bot";
    const { code, errors } = await start({ DATA_DIR: directory(0o777), DATABASE_URL });
    expect(code).toBe(78);
    expect(errors).toContain("DATABASE_URL has unescaped special characters.");
  });

  test("of a host that doesn't exist", async () => {
    const DATABASE_URL = "postgres://bot:s3cret%40x@no-such-host.invalid/bot";
    expect(await start({ DATA_DIR: directory(0o777), DATABASE_URL })).toEqual({
      code: 78,
      errors:
        "The bot can't start:\n  The host in DATABASE_URL, no-such-host.invalid:5432, doesn't exist. Fix it.\n",
    });
  });

  test("of a server that isn't up, which may come", async () => {
    const DATABASE_URL = "postgres://bot:s3cret%40x@127.0.0.1:9/bot";
    expect(await start({ DATA_DIR: directory(0o777), DATABASE_URL })).toEqual({
      code: 69,
      errors:
        "The bot can't start:\n  PostgreSQL at 127.0.0.1:9 refuses connections. Start it, or fix the host and port in DATABASE_URL.\n",
    });
  });
});

test.each(["PORT", "METRICS_PORT"])(
  "a %s that is taken stops the start with one sentence",
  async (variable) => {
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const address = server.address();
    const port = String(typeof address === "object" ? address?.port : "");
    expect(await start({ DATA_DIR: directory(0o777), [variable]: port })).toEqual({
      code: 69,
      errors: `The bot can't start:\n  Another process listens on port ${port}. Stop it, or set ${variable} to another number.\n`,
    });
  },
);

test.each(["HOST", "METRICS_HOST"])(
  "a %s that this machine doesn't have stops the start with one sentence",
  async (variable) => {
    const settings = { DATA_DIR: directory(0o777), METRICS_PORT: "0", [variable]: "203.0.113.1" };
    expect(await start(settings)).toEqual({
      code: 78,
      errors: `The bot can't start:\n  This machine has no address "203.0.113.1". Fix ${variable}: 0.0.0.0 means all addresses.\n`,
    });
  },
);

test("other users can read nothing of what the bot writes, or has written before", async () => {
  const path = temporaryDirectory();
  mkdirSync(join(path, "copilot"));
  writeFileSync(join(path, "tasks.db"), "");
  chmodSync(path, 0o755);
  chmodSync(join(path, "tasks.db"), 0o644);
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", MAIN], {
    env: { ...COMPILED, PATH, HOME, TMPDIR, ...SETTINGS, DATA_DIR: path },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout });
  output.on("line", (line) => lines.push(line));
  const isSaid = (message: string) => lines.some((line) => line.includes(`"msg":"${message}"`));
  while (!isSaid("listening") || !isSaid("Copilot runtime ready")) await once(output, "line");

  const modes = readdirSync(path, { recursive: true }).map((name) => {
    const file = join(path, String(name));
    return [file, statSync(file).mode & 0o077] as const;
  });
  expect([...modes, [path, statSync(path).mode & 0o077]].filter(([, mode]) => mode !== 0)).toEqual(
    [],
  );
  expect(modes.map(([file]) => file)).toContain(join(path, "tasks.db-wal"));
  const warned = lines.find((line) => line.includes("other users could read this"));
  expect(JSON.parse(warned ?? "{}")).toMatchObject({
    level: "warn",
    paths: [path, join(path, "copilot"), join(path, "tasks.db")],
  });
  child.kill("SIGTERM");
  await once(child, "exit");
});
