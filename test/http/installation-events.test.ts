import { describe, expect, test } from "vitest";
import { installationPayloadOf } from "../core/webhook/installation-payloads.ts";
import { inserted, moving } from "../store/story.ts";
import { commanded } from "../store/trigger.ts";
import { deliver, signatureOf } from "./client.ts";
import { startServer } from "./started.ts";

/** The delivery of a life event. */
function life(event: string, changes: Readonly<Record<string, unknown>> = {}) {
  const [name = ""] = event.split(".");
  return { event: name, body: JSON.stringify(installationPayloadOf(event, changes)) };
}

const applied = (canceled: number) => ({ status: 202, body: { result: "applied", canceled } });

describe("a webhook about an installation or a repository", () => {
  test.each([
    ["installation.deleted", "installation_deleted"],
    ["installation.suspend", "installation_suspended"],
    ["installation_repositories.removed", "repository_removed"],
    ["repository.deleted", "repository_deleted"],
  ])("%s has canceled the tasks when it's answered, and the log says so", async (event, why) => {
    const server = await startServer();
    const about = life(event, { "installation.id": 31, "repository.id": 1_296_269 });
    const { id } = await inserted(server.tasks, commanded(1));
    expect(await deliver(server.webhooks, { ...about, deliveryId: "life-1" })).toEqual(applied(1));
    expect(server.rows()).toMatchObject([{ state: "cancelled" }]);
    expect(await server.tasks.get(id)).toMatchObject({
      outcome: { type: "canceled", why },
    });
    const line = server.log.find((text) => text.includes("installation event applied")) ?? "";
    expect(JSON.parse(line)).toMatchObject({
      deliveryId: "life-1",
      event: about.event,
      canceled: 1,
      msg: "installation event applied",
    });
    expect(server.enqueued).toEqual([]);
    // As GitHub redelivers it on request.
    await inserted(server.tasks, commanded(2));
    expect(await deliver(server.webhooks, { ...about, deliveryId: "life-1" })).toEqual(applied(0));
  });

  test.each([
    "installation.created",
    "installation.unsuspend",
    "installation.new_permissions_accepted",
    "installation_repositories.added",
    "repository.created",
  ])("%s is applied", async (event) => {
    const server = await startServer();
    expect(await deliver(server.webhooks, life(event))).toEqual(applied(0));
  });

  test.each(["repository.renamed", "repository.transferred"])(
    "%s moves its tasks",
    async (event) => {
      const server = await startServer();
      const { id } = await moving(server.tasks, commanded(1));
      const about = life(event, { "repository.id": 1_296_269 });
      expect(await deliver(server.webhooks, about)).toEqual(applied(0));
      const place = { owner: "Octocoders", ownerId: 38_302_899, repository: "Hello-World" };
      expect(await server.tasks.get(id)).toMatchObject({ place });
    },
  );

  test("is ignored when it changes nothing", async () => {
    const server = await startServer();
    const about = life("installation_repositories.added", { action: "moved" });
    const ignored = { status: 202, body: { result: "ignored", reason: "other_event" } };
    expect(await deliver(server.webhooks, about)).toEqual(ignored);
  });
});

describe("a webhook about an installation is not applied", () => {
  test("with a wrong signature", async () => {
    const server = await startServer();
    await inserted(server.tasks, commanded(1, { place: { installationId: 2 } }));
    const headers = { "x-hub-signature-256": signatureOf("x") };
    const about = { ...life("installation.deleted"), headers };
    expect(await deliver(server.webhooks, about)).toMatchObject({ status: 401 });
    expect(server.rows()).toMatchObject([{ state: "queued" }]);
  });

  test("with fields that are not as GitHub sends them", async () => {
    const server = await startServer();
    const about = life("installation.deleted", { "installation.id": "2; drop table tasks" });
    const error = "Unexpected values in these fields: installation.id.";
    expect(await deliver(server.webhooks, about)).toEqual({ status: 400, body: { error } });
    expect(server.log.join("")).not.toContain("drop table");
  });

  test("while it cannot be stored, so that it is delivered again", async () => {
    const server = await startServer({
      applyInstallationEvent: () => Promise.reject(new Error("SQLITE_FULL: /var/lib/bot/tasks.db")),
    });
    expect(await deliver(server.webhooks, life("installation.deleted"))).toEqual({
      status: 503,
      body: { error: "The bot can't store this event now. Redeliver it later." },
    });
    expect(server.log.join("")).toContain("SQLITE_FULL");
  });
});
