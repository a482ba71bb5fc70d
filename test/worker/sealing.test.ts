import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";
import { createWorkerKey, sealFor } from "../../src/worker/sealing.ts";

const purpose = { sessionId: "session", callId: "call" };

test("whatever is sealed is what its worker reads", () => {
  const key = createWorkerKey();
  assert(
    property(string({ unit: "grapheme" }), string(), string(), (text, sessionId, callId) => {
      const sealed = sealFor(key.publicKey, text, { sessionId, callId });
      expect(key.open(sealed, { sessionId, callId })).toBe(text);
    }),
    { numRuns: 50 },
  );
});

test("nobody else reads it, and not for another call or session", () => {
  const key = createWorkerKey();
  const sealed = sealFor(key.publicKey, "gho_secret", purpose);
  expect(() => createWorkerKey().open(sealed, purpose)).toThrow();
  expect(() => key.open(sealed, { ...purpose, callId: "other" })).toThrow();
  expect(() => key.open(sealed, { ...purpose, sessionId: "other" })).toThrow();
  // What ends one name doesn't begin the next.
  expect(() => key.open(sealed, { sessionId: "sessioncall", callId: "" })).toThrow();
});

test("changed anywhere, it can't be opened", () => {
  const key = createWorkerKey();
  const bytes = Buffer.from(sealFor(key.publicKey, "gho_secret", purpose), "base64url");
  for (const index of bytes.keys()) {
    const changed = Buffer.from(bytes);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(() => key.open(changed.toString("base64url"), purpose)).toThrow();
    expect(() => key.open(bytes.subarray(0, index).toString("base64url"), purpose)).toThrow();
  }
});

test("the same text is sealed differently each time", () => {
  const key = createWorkerKey();
  expect(sealFor(key.publicKey, "a", purpose)).not.toBe(sealFor(key.publicKey, "a", purpose));
  expect(() => sealFor("no key", "a", purpose)).toThrow();
  // A point of small order would make a key that everybody knows.
  expect(() => sealFor(Buffer.alloc(32).toString("base64url"), "a", purpose)).toThrow();
});
