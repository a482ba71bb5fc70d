import { generateKeyPairSync } from "node:crypto";
import { expect, onTestFinished, test, vi } from "vitest";
import { readEnvironment } from "../../src/config/environment.ts";
import { openStorage } from "../../src/app/storage.ts";
import { temporaryDirectory } from "../store/opened.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const SETTINGS = {
  APP_ID: "4711",
  PRIVATE_KEY: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
  WEBHOOK_SECRET: "b2f8c1d94e6a7f30",
  COPILOT_GITHUB_TOKEN: "github_pat_11ABC",
};

test("what was begun with SQLite by a process that is gone can be begun at once", async () => {
  const directory = temporaryDirectory();
  const open = async () => {
    const log = { warn: vi.fn(), error: vi.fn() };
    const storage = await openStorage(readEnvironment(SETTINGS), directory, log);
    onTestFinished(() => storage.close());
    return storage;
  };
  const killed = await open();
  expect(await killed.recovery.begin()).not.toBeNull();
  expect(await killed.recovery.begin()).toBeNull();
  const next = await open();
  expect(await next.recovery.begin()).not.toBeNull();
});
