import { readFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { openWorld, patient, requested, started, tokens, watch } from "./world.ts";

/** As docs/self-hosted.md has them. */
function documentedStatements(): string {
  const document = readFileSync(new URL("../../docs/self-hosted.md", import.meta.url), "utf8");
  const [, statements = ""] = /```sql\n(-- .*?)```/su.exec(document) ?? [];
  expect(statements).toContain("CREATE ROLE worker");
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
});
