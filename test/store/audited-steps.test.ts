import { describe, expect, test } from "vitest";
import { auditedTransaction, writeAudit } from "../../src/store/audit.ts";
import { auditEntry } from "../../src/core/task/audit.ts";
import { createStores } from "../../src/store/stores.ts";
import { changed, failed, taskWith } from "../core/task.ts";
import { openStore } from "./opened.ts";
import { ADMITTED, ASKED, claimed, inserted, record, STARTED, UNLIMITED } from "./story.ts";
import { closed } from "./subject-events.ts";
import { deletedRepository } from "./living.ts";
import { commanded, labeled } from "./trigger.ts";

const now = () => new Date();

/** A store, and what it says that it has written to the audit. */
async function open() {
  const heard: string[] = [];
  const onAudited = ({ step, reason }: { readonly step: string; readonly reason: string | null }) =>
    void heard.push(reason === null ? step : `${step}: ${reason}`);
  const store = await openStore(undefined, { onAudited });
  const { database } = store;
  return { ...store, ...createStores(database, now, onAudited), database, onAudited, heard };
}

describe("whoever listens to the audit", () => {
  test("hears each step of a task once", async () => {
    const { tasks, heard } = await open();
    const { id } = await inserted(tasks, labeled());
    await tasks.insert(labeled());
    const mine = await claimed(tasks, id);
    const admitted = await record(tasks, mine, ADMITTED);
    await tasks.begin(admitted ?? mine, changed(admitted ?? mine, ASKED), UNLIMITED);
    await record(tasks, mine, STARTED);
    await record(tasks, mine, STARTED, { outcome: failed("interrupted"), state: "failed" });
    await record(tasks, mine, { outcome: failed("interrupted"), state: "failed" });
    expect(heard).toEqual([
      "asked",
      "allowed",
      "session_asked_for",
      "session_started",
      "failed: interrupted",
    ]);
  });

  test("hears which tasks a closed issue, or a deleted repository, has canceled", async () => {
    const { tasks, subjects, installations, heard } = await open();
    await inserted(tasks, labeled());
    await subjects.applySubjectEvent(closed());
    await inserted(tasks, commanded(2, { place: { repositoryId: 5 } }));
    await installations.applyInstallationEvent(deletedRepository(5));
    expect(heard).toEqual([
      "asked",
      "canceled: subject_closed",
      "asked",
      "canceled: repository_deleted",
    ]);
  });

  test("hears nothing of what wasn't committed", async () => {
    const { database, heard, onAudited } = await open();
    const entry = auditEntry(taskWith(), { step: "asked", reason: null }, "2026-11-21T12:00:00Z");
    const failing = auditedTransaction(database, onAudited, async (transaction) => {
      await writeAudit(transaction, [entry]);
      throw new Error("broken off");
    });
    await expect(failing).rejects.toThrow("broken off");
    expect(heard).toEqual([]);
    await auditedTransaction(database, onAudited, (transaction) =>
      writeAudit(transaction, [entry]),
    );
    expect(heard).toEqual(["asked"]);
  });

  test("can't be forgotten: nothing else writes to the audit", async () => {
    const { database } = await open();
    const entry = auditEntry(taskWith(), { step: "asked", reason: null }, "2026-11-21T12:00:00Z");
    const unheard = database
      .transaction()
      .execute((transaction) => writeAudit(transaction, [entry]));
    await expect(unheard).rejects.toThrow("isn't an audited one");
  });
});
