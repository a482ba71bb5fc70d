import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SealPlace } from "../../src/identity/cipher.ts";
import { createCipher, createCookieCipher } from "../../src/identity/cipher.ts";
import { newKey } from "./keys.ts";

const PLACE: SealPlace = { host: "github.com", userId: 583_231, field: "token" };
const [first, second, third] = [newKey(), newKey(), newKey()];

const place: fc.Arbitrary<SealPlace> = fc.record({
  host: fc.oneof(fc.domain(), fc.string()),
  userId: fc.nat(),
  field: fc.constantFrom("token", "refreshToken"),
});
// Not every string is UTF-8, but tokens are.
const plain = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string().map((text) => `ghu_${text}`),
);

test("what is sealed for a place opens there, and each time it looks different", () => {
  const cipher = createCipher([first]);
  fc.assert(
    fc.property(plain, place, (text, where) => {
      const sealed = cipher.seal(text, where);
      expect(sealed).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]{22,}$/u);
      expect(cipher.open(sealed, where)).toBe(text);
      expect(cipher.seal(text, where)).not.toBe(sealed);
    }),
  );
});

test("it doesn't open at any other place", () => {
  const cipher = createCipher([first]);
  fc.assert(
    fc.property(plain, place, place, (text, where, other) => {
      fc.pre(JSON.stringify(where) !== JSON.stringify(other));
      expect(cipher.open(cipher.seal(text, where), other)).toBeNull();
    }),
  );
  const sealed = cipher.seal("ghu_x", PLACE);
  expect(cipher.open(sealed, { ...PLACE, userId: 583_232 })).toBeNull();
  expect(cipher.open(sealed, { ...PLACE, host: "ghe.example.com" })).toBeNull();
  expect(cipher.open(sealed, { ...PLACE, field: "refreshToken" })).toBeNull();
});

test("with any bit flipped, it doesn't open", () => {
  const cipher = createCipher([first, second]);
  const sealed = Buffer.from(cipher.seal("ghu_16C7e42F292c6912E7710c838347Ae178B4a", PLACE));
  const opened = Array.from({ length: sealed.length * 8 }, (_none, bit) => {
    const changed = Buffer.from(sealed);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return cipher.open(changed.toString("latin1"), PLACE);
  });
  expect(opened.filter((text) => text !== null)).toEqual([]);
});

test("with anything added, left out, or swapped, it doesn't open", () => {
  const cipher = createCipher([first]);
  const sealed = cipher.seal("ghu_x", PLACE);
  const [version, key, iv, body] = sealed.split(".");
  const others = [
    "",
    "ghu_x",
    `${sealed}.`,
    `${sealed} `,
    `${sealed}=`,
    sealed.slice(0, -1),
    ["v2", key, iv, body].join("."),
    [version, key, body, iv].join("."),
    [version, key, iv].join("."),
    [version, key, iv, (body ?? "").slice(0, 8)].join("."),
  ];
  expect(others.map((text) => cipher.open(text, PLACE))).toEqual(others.map(() => null));
  fc.assert(fc.property(fc.string(), (text) => cipher.open(text, PLACE) === null));
});

describe("several keys", () => {
  const before = createCipher([first]);
  const after = createCipher([second, first]);

  test("the first one seals, and all of them open", () => {
    const [old, recent] = [before.seal("ghu_old", PLACE), after.seal("ghu_new", PLACE)];
    expect(after.open(old, PLACE)).toBe("ghu_old");
    expect(after.open(recent, PLACE)).toBe("ghu_new");
    expect(createCipher([second]).open(recent, PLACE)).toBe("ghu_new");
    expect([old, recent].map((sealed) => after.isCurrent(sealed))).toEqual([false, true]);
  });

  test("without its key it doesn't open", () => {
    expect(before.open(after.seal("ghu_new", PLACE), PLACE)).toBeNull();
    expect(createCipher([third]).open(before.seal("ghu_old", PLACE), PLACE)).toBeNull();
  });

  test("there has to be one", () => {
    expect(() => createCipher([])).toThrow("no key to seal with");
  });
});

describe("what browsers keep", () => {
  test("opens for the same purpose, with any of the bot's keys", () => {
    const sealed = createCookieCipher([first]).seal("{}", "session");
    const later = createCookieCipher([second, first]);
    expect(later.open(sealed, "session")).toBe("{}");
    expect(later.open(sealed, "connect")).toBeNull();
    expect(createCookieCipher([second]).open(sealed, "session")).toBeNull();
  });

  test("isn't encrypted with the keys of tokens", () => {
    const [tokens, cookies] = [createCipher([first]), createCookieCipher([first])];
    const asPlace = JSON.stringify(["v1", PLACE.host, PLACE.userId, PLACE.field]);
    expect(tokens.open(cookies.seal("{}", asPlace), PLACE)).toBeNull();
    expect(cookies.open(tokens.seal("{}", PLACE), asPlace)).toBeNull();
    const sealed = [cookies.seal("", ""), tokens.seal("", PLACE)];
    const [one, other] = sealed.map((text) => text.split(".")[1]);
    expect(one).not.toBe(other);
  });
});
