import { readFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { COMPILED } from "../compiled.ts";
import { USER } from "../isolation/isolations.ts";
import { temporaryDirectory } from "../store/opened.ts";
import { open, prepared } from "../store/prepared-database.ts";
import { openWorld, patient, requested, started, tokens, watch } from "./world.ts";

/** As docs/self-hosted.md has them. */
function documentedStatements(beginning = "-- "): string {
  const document = readFileSync(new URL("../../docs/self-hosted.md", import.meta.url), "utf8");
  const blocks = [...document.matchAll(/```sql\n(.*?)```/gsu)].map(([, block = ""]) => block);
  const statements = blocks.find((block) => block.startsWith(beginning)) ?? "";
  expect(statements).toContain(" worker");
  return statements;
}

test("a worker needs no more rights than those that the documentation grants, and reaches no task with them", async () => {
  const world = await openWorld();
  const { host } = await world.replica();
  const role = `worker_${randomBytes(4).toString("hex")}`;
  const administrator = new Client({ connectionString: world.url });
  await administrator.connect();
  onTestFinished(async () => {
    await administrator.query(`drop owned by ${role}`);
    await administrator.query(`drop role ${role}`);
    await administrator.end();
  });
  await administrator.query(documentedStatements().replaceAll(/\bworker\b/gu, role));
  const url = new URL(world.url);
  url.username = role;
  url.password = "secret";
  const opening = host.open(requested(), tokens, patient());
  await world.worker("one", {}, url.href);
  const session = started(await opening);
  await session.deliver("hello");
  await watch(session).until("idle");
  await host.remove({ taskId: "", sessionId: session.id });
  const worker = new Client({ connectionString: url.href });
  await worker.connect();
  for (const table of ["tasks", "audit", "connections", "web_sessions", "orders"]) {
    await expect(worker.query(`select * from ${table}`)).rejects.toThrow("permission denied");
  }
  await worker.end();

  // What `script/worker --check` says of the role.
  const checked = (address: string) =>
    check({ DATABASE_URL: address, SELF_HOSTED_REPOSITORIES: "octo-org/*", WORKER_LABELS: "gpu" });
  const { code, lines } = await checked(url.href);
  expect(lines).toEqual([
    "ok       environment: All settings are valid.",
    "ok       database: PostgreSQL responds, and has the tables for workers.",
    "ok       role in the database: It may do what a worker needs, and reads nothing else of the bot's.",
    expect.stringMatching(/^warning  isolation of sessions: Off/u),
    expect.stringMatching(/^ {9}Remove ISOLATION/u),
    expect.stringMatching(/^ok {7}limits of sessions: memory: /u),
    expect.stringMatching(/^ok {7}programs for sessions: Git /u),
    expect.stringMatching(/^(?:ok|warning) +disk for sessions: /u),
    ...lines.slice(8, -1),
    "ok       places: `builder` runs up to 2 sessions at once, labels: `gpu`, of `octo-org/*`.",
  ]);
  expect(code).toBe(0);
  expect((await checked(world.url)).lines.join("\n")).toMatch(
    /^warning {2}role in the database: It can read tables of the bot's that a worker doesn't need: .*\baudit\b.*\bconnections\b.*\btasks\b.*\.$/mu,
  );
  await administrator.query(`grant select on web_sessions to ${role}`);
  expect((await checked(url.href)).lines.join("\n")).toContain(
    "warning  role in the database: It can read tables of the bot's that a worker doesn't need: web_sessions.",
  );
  await administrator.query(`revoke insert on hosting_mail from ${role}`);
  await administrator.query(`revoke select on pgboss.queue from ${role}`);
  const lacking = await checked(url.href);
  expect(lacking.lines.join("\n")).toContain(
    "failed   role in the database: It lacks rights: INSERT on hosting_mail, SELECT on pgboss.queue.",
  );
  expect(lacking.code).toBe(1);
  url.port = "1";
  expect((await checked(url.href)).lines.join("\n")).toMatch(/^failed {3}database: /mu);
  expect((await check({})).code).toBe(78);
});

test("a worker can have its rights in schemas that were prepared for the bot, as the documentation says", async () => {
  const { role: bot, name, address, grant } = await prepared();
  const worker = `${bot}_worker`;
  const named = (statements: string) =>
    statements
      .replaceAll(/\bDATABASE bot\b/gu, `DATABASE ${name}`)
      .replaceAll(/\bbot\b/gu, bot)
      .replaceAll(/\bworker\b/gu, worker);
  await grant(`revoke all on database ${name} from public; grant connect on database ${name} to ${bot};
    create schema ${bot} authorization ${bot}; create schema pgboss authorization ${bot};
    alter role ${bot} in database ${name} set search_path = ${bot}`);
  await (await open(address)).close();
  onTestFinished(() => grant(`drop owned by ${worker}; drop role ${worker}`));
  await grant(named(`SET search_path = bot; ${documentedStatements()}`));
  await grant(named(documentedStatements("GRANT CONNECT")));
  const url = new URL(address);
  url.username = worker;
  url.password = "secret";
  const { lines } = await check({
    DATABASE_URL: url.href,
    SELF_HOSTED_REPOSITORIES: "octo-org/*",
  });
  expect(lines.slice(1, 3)).toEqual([
    "ok       database: PostgreSQL responds, and has the tables for workers.",
    "ok       role in the database: It may do what a worker needs, and reads nothing else of the bot's.",
  ]);
});

/** Runs `script/worker --check` as an administrator does. */
async function check(variables: Readonly<Record<string, string>>) {
  const program = fileURLToPath(new URL("../../script/worker.ts", import.meta.url));
  const argv = ["--disable-warning=ExperimentalWarning", program, "--check"];
  const { PATH, HOME } = process.env;
  const own = {
    DATA_DIR: temporaryDirectory(),
    WORKER_NAME: "builder",
    ISOLATION: "none",
    ...(USER === null ? {} : { SANDBOX_USER: `${USER.uid}:${USER.gid}` }),
  };
  const child = spawn(process.execPath, argv, {
    env: { ...COMPILED, PATH, HOME, ...own, ...variables },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return { code: child.exitCode, lines: output.trimEnd().split("\n") };
}
