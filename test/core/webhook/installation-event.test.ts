import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readWebhook } from "../../../src/core/webhook/read-webhook.ts";
import { installationPayloadOf } from "./installation-payloads.ts";
import { EXAMPLES } from "../payloads.ts";

const DELIVERY = { deliveryId: "delivery-1" };

function readEvent({ name, payload }: { name: string; payload: unknown }) {
  return readWebhook(
    { ...DELIVERY, name, payload },
    { appId: 4_711, slug: "copilot-task-bot", parseCommand: () => null },
  );
}

function read(event: string, changes: Readonly<Record<string, unknown>> = {}) {
  const [name = ""] = event.split(".");
  return readEvent({ name, payload: installationPayloadOf(event, changes) });
}

const installationEvent = (change: object) => ({
  type: "installation_event",
  ...DELIVERY,
  change,
});

const SUSPENDED_AT = "2021-04-29T02:32:50.000Z";
const octocat = { installationId: 2, ownerId: 1, owner: "octocat" };
const codertocat = { ownerId: 21_031_067, owner: "Codertocat" };
const octocoders = { ownerId: 38_302_899, owner: "Octocoders" };

const INSTALLATION_EVENTS = new Set([
  "installation.created",
  "installation.deleted",
  "installation.suspend",
  "installation.unsuspend",
  "installation.new_permissions_accepted",
  "installation_repositories.added",
  "installation_repositories.removed",
  "repository.created",
  "repository.deleted",
  "repository.renamed",
  "repository.transferred",
  "issues.transferred",
]);

describe("of GitHub's own examples", () => {
  test("an installation that is created is read", () => {
    expect(read("installation.created")).toEqual(
      installationEvent({
        ...codertocat,
        type: "installation_created",
        installationId: 957_387,
        suspendedAt: null,
        repositories: [{ id: 186_853_002, name: "Hello-World" }],
        at: "2019-05-15T15:19:51.000Z",
      }),
    );
  });

  test("one that is deleted is read", () => {
    expect(read("installation.deleted")).toEqual(
      installationEvent({
        ...octocat,
        type: "installation_deleted",
        suspendedAt: null,
        repositories: [],
        at: "2018-04-30T17:38:19.000Z",
      }),
    );
  });

  test.each([
    ["suspend", "installation_suspended", SUSPENDED_AT],
    ["unsuspend", "installation_unsuspended", null],
  ])("%s is read", (action, type, suspendedAt) => {
    const installationId = 16_598_467;
    const named = { ...codertocat, type, installationId, suspendedAt };
    const change = { ...named, repositories: [], at: SUSPENDED_AT };
    expect(read(`installation.${action}`)).toEqual(installationEvent(change));
  });

  test("an issue that is transferred is read", () => {
    const to = { repositoryId: 186_853_002, ...codertocat, repository: "Hello-World" };
    const expected = { repositoryId: 17_273_051, subjectNumber: 1 };
    const transferred = (installationId: number | null) =>
      installationEvent({
        type: "subject_transferred",
        ...expected,
        to: { ...to, installationId, subjectNumber: 1 },
      });
    expect(read("issues.transferred")).toEqual(transferred(null));
    const through = { installation: { id: 2 } };
    expect(read("issues.transferred", through)).toEqual(transferred(2));
  });

  test("repositories that are added are read", () => {
    const repositories = [{ id: 186_853_007, name: "Space" }];
    expect(read("installation_repositories.added")).toEqual(
      installationEvent({
        type: "repositories_added",
        installationId: 957_387,
        ...codertocat,
        repositories,
      }),
    );
  });

  test("a repository that is created is read, if it's of an installation", () => {
    const repositories = [{ id: 186_853_261, name: "Hello-World" }];
    const added = { type: "repositories_added", installationId: 2, ...octocoders, repositories };
    const through = { installation: { id: 2 } };
    expect(read("repository.created", through)).toEqual(installationEvent(added));
    const alone = { type: "ignored", reason: "other_event" };
    expect(read("repository.created", { installation: null })).toEqual(alone);
  });

  test("repositories that are removed are read", () => {
    const removed = { installationId: 2, repositoryIds: [1_296_269] };
    expect(read("installation_repositories.removed")).toEqual(
      installationEvent({ ...removed, type: "repositories_removed" }),
    );
  });

  test.each([
    ["renamed", "repository_renamed"],
    ["transferred", "repository_transferred"],
  ])("a repository that is %s is read", (action, type) => {
    const moved = { type, repositoryId: 186_853_261, repository: "Hello-World" };
    expect(read(`repository.${action}`)).toEqual(
      installationEvent({
        ...octocoders,
        ownerType: "Organization",
        ...moved,
        installationId: 1,
        at: "2019-05-15T15:20:41.000Z",
      }),
    );
  });

  test("a repository that is deleted is read", () => {
    const deleted = { type: "repository_deleted", repositoryId: 186_853_261 };
    expect(read("repository.deleted")).toEqual(installationEvent(deleted));
  });

  test("no other event is one of an installation", () => {
    for (const { name, action, payload } of EXAMPLES) {
      if (INSTALLATION_EVENTS.has(`${name}.${action}`)) continue;
      expect(readEvent({ name, payload }).type).not.toBe("installation_event");
    }
  });
});

describe("what GitHub sends in several ways is read", () => {
  test.each([
    ["seconds", 1_557_933_591, "2019-05-15T15:19:51.000Z"],
    ["a time with a zone", "2021-04-28T22:32:50.000-04:00", SUSPENDED_AT],
    ["a time in UTC", "2021-04-29T02:32:50Z", SUSPENDED_AT],
  ])("the time as %s", (_what, updated_at, at) => {
    const changes = { "installation.updated_at": updated_at };
    expect(read("installation.created", changes)).toMatchObject({ change: { at } });
  });

  test("an installation whose suspension did not count as a change of it", () => {
    const changes = { "installation.updated_at": "2021-01-01T00:00:00Z" };
    expect(read("installation.suspend", changes)).toMatchObject({ change: { at: SUSPENDED_AT } });
  });

  test("a suspension without its time", () => {
    const changes = { "installation.suspended_at": undefined };
    const expected = { suspendedAt: SUSPENDED_AT, at: SUSPENDED_AT };
    expect(read("installation.suspend", changes)).toMatchObject({ change: expected });
  });

  test("an enterprise, which has a slug", () => {
    const account = { id: 5, slug: "octo-corp", name: "Octo Corp." };
    expect(read("installation.created", { "installation.account": account })).toMatchObject({
      change: { ownerId: 5, owner: "octo-corp" },
    });
  });

  test("an account that is gone", () => {
    const expected = { ownerId: null, owner: null };
    expect(read("installation.deleted", { "installation.account": null })).toMatchObject({
      change: expected,
    });
  });

  test("a repository whose webhook names no installation", () => {
    const changes = { installation: undefined };
    expect(read("repository.transferred", changes)).toMatchObject({
      change: { installationId: null },
    });
  });
});

describe("what is not as GitHub sends it is named, without its value", () => {
  test.each([
    ["installation.deleted", { "installation.id": "2" }, "installation.id"],
    ["installation.deleted", { "installation.updated_at": undefined }, "installation.updated_at"],
    ["installation.deleted", { "installation.updated_at": "soon" }, "installation.updated_at"],
    ["installation.deleted", { "installation.updated_at": 9e15 }, "installation.updated_at"],
    ["installation.created", { "installation.account.login": "a/b" }, "installation.account.login"],
    ["installation.suspend", { installation: undefined }, "installation"],
    ["installation_repositories.removed", { repositories_removed: 1 }, "repositories_removed"],
    ["repository.renamed", { "repository.name": "../x" }, "repository.name"],
    ["repository.transferred", { "repository.owner.id": 0 }, "repository.owner.id"],
    ["repository.deleted", { "repository.id": -1 }, "repository.id"],
    ["issues.transferred", { "changes.new_issue.number": "1" }, "changes.new_issue.number"],
    [
      "issues.transferred",
      { "changes.new_repository.name": "../x" },
      "changes.new_repository.name",
    ],
  ])("%s %o", (event, changes, invalidFields) => {
    const malformed = { type: "ignored", reason: "malformed", invalidFields };
    expect(read(event, changes)).toEqual(malformed);
  });
});

test("no payload throws", () => {
  const payload = fc.oneof(
    fc.jsonValue(),
    fc.record({ action: fc.string(), installation: fc.anything(), repository: fc.anything() }),
  );
  const names = fc.constantFrom(
    ...INSTALLATION_EVENTS,
    "installation.x",
    "constructor.constructor",
  );
  fc.assert(
    fc.property(names, payload, (event, body) => {
      const [name = "", action] = event.split(".");
      readEvent({ name, payload: body });
      readEvent({ name, payload: { ...Object(body), action } });
    }),
  );
});
