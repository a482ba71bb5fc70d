import { expect, test, vi } from "vitest";
import type { Outcome } from "../../../script/lib/registration/flow.ts";
import { createFlow } from "../../../script/lib/registration/flow.ts";
import type { Saved } from "../../../script/lib/registration/settings-file.ts";
import { APP } from "./app.ts";

const SAVED: Saved = { type: "saved", file: "/bot/.env", keyFile: "/bot/private-key.pem" };
const FULL: Saved = { type: "unsaved", why: "the disk is full" };
const REGISTERED = { type: "registered", app: APP, saved: SAVED };

test("a code is exchanged once, and no other one after it", async () => {
  const codes: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const flow = createFlow({
    async convert(code) {
      codes.push(code);
      await promise;
      return { type: "converted", app: APP };
    },
    save: () => SAVED,
    onOutcome: () => {},
  });
  expect(flow.isBusy()).toBe(false);
  const both = [flow.receive("one"), flow.receive("one")];
  expect(await flow.receive("two")).toEqual({ type: "used" });
  expect(flow.isBusy()).toBe(true);
  resolve();
  expect(await Promise.all(both)).toEqual([REGISTERED, REGISTERED]);
  expect(flow.isBusy()).toBe(false);
  expect(await flow.receive("one")).toEqual(REGISTERED);
  expect(await flow.receive("two")).toEqual({ type: "used" });
  expect(codes).toEqual(["one"]);
});

test("a code that brought nothing doesn't keep others out", async () => {
  const answers = [{ type: "expired" }, { type: "converted", app: APP }] as const;
  let count = 0;
  const convert = () => Promise.resolve(answers[count++] ?? answers[0]);
  const flow = createFlow({ convert, save: () => SAVED, onOutcome: () => {} });
  expect(await flow.receive("one")).toEqual({ type: "expired" });
  expect(flow.isBusy()).toBe(false);
  expect(await flow.receive("two")).toEqual(REGISTERED);
});

test("credentials that can't be saved stay in memory until they can", async () => {
  let saved: Saved = FULL;
  const outcomes: Outcome["type"][] = [];
  const flow = createFlow({
    convert: () => Promise.resolve({ type: "converted", app: APP }),
    save: () => saved,
    onOutcome: ({ type }) => outcomes.push(type),
    retryMs: 1,
  });
  expect(await flow.receive("one")).toEqual(FULL);
  expect(await flow.receive("one")).toEqual(FULL);
  expect(flow.isBusy()).toBe(true);
  saved = SAVED;
  await vi.waitFor(async () => expect(await flow.receive("one")).toEqual(REGISTERED));
  expect(flow.isBusy()).toBe(false);
  expect(outcomes).toEqual(["unsaved", "registered"]);
});
