import { describe, expect, test } from "vitest";
import { createQrCodes } from "../../src/app/qr-codes.ts";
import { GITHUB_COM as HOSTS } from "../../src/core/github/hosts.ts";
import { documentedLink } from "../../src/core/session/link.ts";
import { qrCodeOf } from "../../src/core/session/qr-code.ts";
import type { Task } from "../../src/core/task/task.ts";
import { createCookieCipher } from "../../src/identity/cipher.ts";
import { erasePerson } from "../../src/store/person.ts";
import { LINK, QR_SECRET, SESSION_ID } from "../core/task.ts";
import { newKey } from "../identity/keys.ts";
import type { OpenedStore } from "../store/opened.ts";
import { openStore } from "../store/opened.ts";
import { ADMITTED, ASKED, moving, record, STARTED } from "../store/story.ts";
import { labeled } from "../store/trigger.ts";
import { scan } from "../web/scanner.ts";
import { createWorld } from "../web/world.ts";

const DOCUMENTED = documentedLink(HOSTS, SESSION_ID);

/** The pages of a replica on this database, with a key of its own. */
function openPages({ tasks }: OpenedStore) {
  const { app } = createWorld({
    qrCodes: createQrCodes(tasks, HOSTS),
    keys: createCookieCipher([newKey()]),
  });
  /** What a scanner reads there; the status where there's nothing to read. */
  return async (path: string): Promise<readonly string[] | number> => {
    const answer = await app.request(`https://bot.example.com${path}`);
    return answer.ok ? scan(new Uint8Array(await answer.arrayBuffer())) : answer.status;
  };
}

/** A settled task whose session is found at the documented link. */
async function linkedTask({ tasks }: OpenedStore): Promise<Task> {
  const task = await moving(tasks, labeled());
  const layer = {
    settledAt: "2026-11-21T12:10:00.000Z",
    decision: { qrSecret: QR_SECRET },
    session: { link: { url: DOCUMENTED, source: "documented" } },
  } as const;
  const linked = await record(tasks, task, ADMITTED, ASKED, STARTED, layer);
  if (linked === null) throw new Error("its claim is lost");
  return linked;
}

const pathOf = (task: Task | null) =>
  `${(task === null ? null : qrCodeOf(task, HOSTS)?.path) ?? "/qr/none"}.png`;

describe("the image that a comment has", () => {
  test("is served by every replica, whatever keys it has", async () => {
    const store = await openStore();
    const path = pathOf(await linkedTask(store));
    for (const shownAt of [openPages(store), openPages(store)]) {
      expect(await shownAt(path)).toEqual([DOCUMENTED]);
    }
  });

  test("is another one when the session's own link comes, and the old one is gone", async () => {
    const store = await openStore();
    const task = await linkedTask(store);
    const shownAt = openPages(store);
    expect(await shownAt(pathOf(task))).toEqual([DOCUMENTED]);
    expect(await store.tasks.correctLink(task.id, LINK)).toBe(true);
    expect(await shownAt(pathOf(task))).toBe(404);
    const corrected = pathOf(await store.tasks.get(task.id));
    expect(await shownAt(corrected)).toEqual([LINK]);
  });

  test("is gone with its task", async () => {
    const store = await openStore();
    const task = await linkedTask(store);
    const shownAt = openPages(store);
    expect(await shownAt(pathOf(task))).toEqual([DOCUMENTED]);
    expect(await store.tasks.prune(new Date())).toBe(1);
    expect(await shownAt(pathOf(task))).toBe(404);
  });

  test("is gone with what's known of its requester, of whom the row keeps nothing", async () => {
    const store = await openStore();
    const task = await linkedTask(store);
    const shownAt = openPages(store);
    const { id, login } = task.requester;
    const times = { now: () => new Date(), deleteBefore: new Date(0) };
    await erasePerson(store.database, { id, logins: [login] }, times);
    expect(await shownAt(pathOf(task))).toBe(404);
    const erased = await store.tasks.get(task.id);
    expect(erased?.decision.qrSecret).toBeNull();
    expect(erased?.session.link).toBeNull();
  });
});
