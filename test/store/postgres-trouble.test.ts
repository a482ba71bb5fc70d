import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { readEnvironment } from "../../src/config/environment.ts";
import { openStorage } from "../../src/app/storage.ts";
import { serverProblem } from "../../src/store/postgres-facts.ts";
import { temporaryDirectory } from "./opened.ts";
import { startPostgresStub } from "./postgres-stub.ts";
import { administer, prepared, problemOf, SETTINGS } from "./prepared-database.ts";
import { createTestDatabase, TEST_DATABASE_URL } from "./test-database.ts";

const SERVER = new URL(TEST_DATABASE_URL);

/** The URL of the server of the tests, with changes. */
function changed(changes: {
  readonly database?: string;
  readonly user?: string;
  readonly query?: string;
}) {
  const address = new URL(TEST_DATABASE_URL);
  if (changes.database !== undefined) address.pathname = `/${changes.database}`;
  if (changes.user !== undefined) address.username = changes.user;
  if (changes.query !== undefined) address.search = changes.query;
  return address.href;
}

/** Null where openssl isn't installed. */
const SELF_SIGNED = makeCertificate();

function makeCertificate() {
  const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-certificate-"));
  const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-keyout", key, "-out", cert];
  try {
    execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject], {
      stdio: "ignore",
    });
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } catch {
    return null;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe("a problem is reported in one sentence, with the fix", () => {
  test.each([
    [
      "the database",
      changed({ database: "no_such_database" }),
      `PostgreSQL at ${SERVER.host} has no database "no_such_database". Create it, or fix its name in DATABASE_URL.`,
    ],
    [
      "the user",
      changed({ user: "no_such_user" }),
      `PostgreSQL at ${SERVER.host} has no role "no_such_user". Create it, or fix the user in DATABASE_URL.`,
    ],
    [
      "TLS, which the server doesn't offer",
      changed({ query: "sslmode=verify-full" }),
      `PostgreSQL at ${SERVER.host} doesn't offer TLS, which DATABASE_URL requires. Turn it on there, or remove sslmode from DATABASE_URL.`,
    ],
    [
      "the host",
      "postgres://bot:hunter2-s3cret@no-such-host.invalid/bot",
      "The host in DATABASE_URL, no-such-host.invalid:5432, doesn't exist. Fix it.",
    ],
    [
      "the file of the authority's certificate",
      changed({ query: "sslmode=verify-full&sslrootcert=/nowhere/ca.pem" }),
      "DATABASE_URL names a certificate file (sslrootcert, sslcert or sslkey) that doesn't exist. Fix its path.",
    ],
  ])("%s", async (_what, address, message) => {
    expect(await problemOf(address)).toEqual({ reason: "configuration", message });
  });

  test.each([
    [
      "the password",
      ["28P01", 'password authentication failed for user "bot"'],
      'refuses the password of "bot". Fix it in DATABASE_URL, with special characters percent-encoded.',
    ],
    [
      "where the bot connects from",
      [
        "28000",
        'no pg_hba.conf entry for host "10.0.0.1", user "bot", database "bot", no encryption',
      ],
      `doesn't let "bot" connect to "bot" from here: add ?sslmode=verify-full to DATABASE_URL, or allow it in pg_hba.conf.`,
    ],
    [
      "the right to connect",
      ["42501", 'permission denied for database "bot"'],
      `doesn't let "bot" use the database "bot": permission denied for database "bot". Grant what's missing; see docs/operations.md.`,
    ],
    [
      "a pooler between",
      ["08P01", "unsupported startup parameter: idle_in_transaction_session_timeout"],
      "DATABASE_URL points to a connection pooler, which refuses a setting of the bot's connections. Point it to PostgreSQL itself: the bot listens for notifications, which poolers in transaction mode don't pass on.",
    ],
  ] as const)("%s", async (_what, refusal, end) => {
    const port = await startPostgresStub({ refusal });
    const { reason, message } = await problemOf(
      `postgres://bot:hunter2-s3cret@127.0.0.1:${port}/bot`,
    );
    const begin = end.startsWith("DATABASE_URL") ? "" : `PostgreSQL at 127.0.0.1:${port} `;
    expect({ reason, message }).toEqual({ reason: "configuration", message: begin + end });
  });

  test.skipIf(SELF_SIGNED === null)("a certificate that nobody trusts", async () => {
    const certificate = SELF_SIGNED ?? { key: "", cert: "" };
    const port = await startPostgresStub({ certificate });
    const address = `postgres://bot:hunter2-s3cret@127.0.0.1:${port}/bot?sslmode=verify-full`;
    expect(await problemOf(address)).toEqual({
      reason: "configuration",
      message: `The certificate of PostgreSQL at 127.0.0.1:${port} is self-signed. Save the authority's certificate in a file and set NODE_EXTRA_CA_CERTS to its path, add &sslrootcert=FILE to DATABASE_URL, or give the server a valid certificate.`,
    });
  });

  test("a server that is too old", () => {
    const facts = {
      version: 120_022,
      isReadOnly: false,
      role: "bot",
      database: "bot",
      schema: "public",
      canCreateTables: true,
      hasQueueSchema: false,
      canCreateQueue: true,
    };
    expect(serverProblem(facts)?.message).toBe(
      "PostgreSQL 12 is too old: the bot needs 13 or newer. Upgrade it, or set DATABASE_URL to another.",
    );
    expect(serverProblem({ ...facts, version: 130_000 })).toBeNull();
  });
});

describe("what may pass is an outage", () => {
  test.each([
    [
      "a server that is not up",
      "postgres://bot:hunter2-s3cret@127.0.0.1:9/bot",
      "127.0.0.1:9 refuses connections",
    ],
    [
      "a socket that is not there",
      "postgres:///bot?host=/nowhere/postgresql&user=bot",
      "/nowhere/postgresql has no socket there",
    ],
  ])("%s", async (_what, address, what) => {
    expect(await problemOf(address)).toEqual({
      reason: "outage",
      message: `PostgreSQL at ${what}. Start it, or fix the host and port in DATABASE_URL.`,
    });
  });

  test.each([
    ["57P03", "the database system is starting up", "is starting"],
    ["53300", "sorry, too many clients already", "has no free connections"],
    ["57P01", "terminating connection", "is shutting down"],
  ])("%s", async (code, message, what) => {
    const port = await startPostgresStub({ refusal: [code, message] });
    const problem = await problemOf(`postgres://bot@127.0.0.1:${port}/bot`);
    expect(problem.reason).toBe("outage");
    expect(problem.message).toContain(`PostgreSQL at 127.0.0.1:${port} ${what}.`);
  });

  test("a database that can only be read", async () => {
    const { url: address, drop } = await createTestDatabase();
    onTestFinished(drop);
    const query = "?options=-c%20default_transaction_read_only%3Don";
    expect(await problemOf(address + query)).toEqual({
      reason: "outage",
      message:
        "The database in DATABASE_URL is read-only, for example a standby. Set DATABASE_URL to the primary.",
    });
  });

  test("it is waited for, and what is waited for is logged once", async () => {
    const { name, address, grant } = await prepared("create on database");
    // A superuser would not be held up by the limit.
    await administer(`alter database ${name} connection limit 0`);
    const warn = vi.fn<(fields: object, message: string) => void>(() => {
      void administer(`alter database ${name} connection limit -1`);
    });
    const environment = readEnvironment({
      ...SETTINGS,
      DATABASE_WAIT_SECONDS: "30",
      DATABASE_URL: address,
    });
    await grant("grant create on schema public to public");
    const storage = await openStorage(environment, temporaryDirectory(), { warn, error: vi.fn() });
    await storage.close();
    expect(warn.mock.calls).toEqual([
      [
        {
          reason: `PostgreSQL at ${SERVER.host} has no free connections. Start it, or fix the host and port in DATABASE_URL.`,
        },
        "waiting for PostgreSQL",
      ],
    ]);
  });
});
