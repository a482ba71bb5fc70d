import { expect, test } from "vitest";
import { createNotes } from "../../src/hosting/notes.ts";
import type { SessionRecord } from "../../src/hosting/records.ts";
import { SessionRecords } from "../../src/hosting/records.ts";
import { fill, mountSmallDisk } from "../small-disk.ts";

const TASK = "0123456789abcdef";
const RECORD: SessionRecord = {
  sessionId: "one",
  isWorking: false,
  resumptions: 1,
  isShared: null,
  sharedIds: [],
  ranMs: 0,
  ended: null,
};

test("what a full disk doesn't take of a session is remembered, and written when there's room", async (context) => {
  const disk = mountSmallDisk() ?? "";
  context.skip(disk === "", "no disk can be mounted");
  const records = new SessionRecords(disk);
  await records.write(TASK, RECORD);
  const errors: string[] = [];
  const log = { info() {}, warn() {}, error: (_: object, text: string) => void errors.push(text) };
  const notes = createNotes({ records, sandbox: { log } }, TASK, RECORD);
  const makeRoom = fill(disk);
  notes.note({ isWorking: true });
  expect(errors).toEqual(["record of a session couldn't be written"]);
  expect(notes.now).toEqual({ ...RECORD, isWorking: true });
  expect(await records.read(TASK)).toEqual(RECORD);
  makeRoom();
  notes.note({ resumptions: 0 });
  notes.close();
  expect(await records.read(TASK)).toMatchObject({ isWorking: true, resumptions: 0 });
});
