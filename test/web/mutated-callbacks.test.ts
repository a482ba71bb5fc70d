import * as fc from "fast-check";
import { expect, test } from "vitest";
import { runs } from "../runs.ts";
import { OCTOCAT } from "./github.ts";
import { createWorld, PUBLIC_URL } from "./world.ts";

/** What a browser sends to the callback. */
interface Callback {
  readonly query: string;
  readonly cookie: string;
}

const TEXT = fc.string({ unit: "binary", maxLength: 40 });
const FIELD = fc.constantFrom("code", "state");

/** Cuts something out of a text, and puts something else there. */
function edited(put: fc.Arbitrary<string>): fc.Arbitrary<(text: string) => string> {
  return fc.record({ at: fc.nat(60), cut: fc.nat(3), put }).map(
    ({ at, cut, put: more }) =>
      (text: string) =>
        text.slice(0, at) + more + text.slice(at + cut),
  );
}

/** A change of the parameters. */
function query(change: (query: URLSearchParams) => void) {
  return (callback: Callback): Callback => {
    const changed = new URLSearchParams(callback.query);
    change(changed);
    return { ...callback, query: changed.toString() };
  };
}

const MUTATION: fc.Arbitrary<(callback: Callback) => Callback> = fc.oneof(
  fc
    .tuple(FIELD, edited(TEXT))
    .map(([field, edit]) => query((all) => all.set(field, edit(all.get(field) ?? "")))),
  fc.tuple(FIELD, TEXT).map(([field, text]) => query((all) => all.set(field, text))),
  fc.tuple(FIELD, TEXT).map(([field, text]) => query((all) => all.append(field, text))),
  TEXT.map((text) => query((all) => all.append("error", text))),
  FIELD.map((field) => query((all) => all.delete(field))),
  fc.constant(
    query((all) => {
      const [code, state] = [all.get("code") ?? "", all.get("state") ?? ""];
      all.set("code", state);
      all.set("state", code);
    }),
  ),
  edited(fc.string({ unit: "grapheme-ascii", maxLength: 20 }).map(encodeURI)).map(
    (edit) => (callback: Callback) => ({ ...callback, query: edit(callback.query) }),
  ),
  edited(fc.stringMatching(/^[\w.=-]{0,8}$/u)).map((edit) => (callback: Callback) => ({
    ...callback,
    cookie: edit(callback.cookie),
  })),
);

/** What the callback means: other spellings of the same one are no mutation. */
function meaningOf({ query: text, cookie }: Callback): string {
  const all = new URLSearchParams(text);
  const parameters = ["code", "state", "error"].map((name) => all.getAll(name));
  return JSON.stringify([...parameters, cookie]);
}

test(
  "mutated callbacks store nothing, and none is an error of the bot",
  { timeout: 240_000 },
  async () => {
    const world = createWorld();
    const browser = world.open();
    await browser.get("/connect");
    const page = (await browser.submit("/connect/start")).location ?? "";
    const back = new URL(world.github.agree(page, OCTOCAT));
    const name = browser.cookies.keys().find((one) => one.includes("sign-in")) ?? "";
    const cookie = browser.cookies.get(name) ?? "";
    const original = { query: back.search.slice(1), cookie };
    await fc.assert(
      fc.asyncProperty(MUTATION, async (mutate) => {
        const mutated = mutate(original);
        fc.pre(meaningOf(mutated) !== meaningOf(original));
        const response = await world.app.request(`${PUBLIC_URL}/oauth/callback?${mutated.query}`, {
          headers: { cookie: `${name}=${mutated.cookie}` },
        });
        expect(response.status).toBe(400);
        const deleted = `${name}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`;
        expect([deleted]).toEqual(expect.arrayContaining(response.headers.getSetCookie()));
      }),
      { numRuns: runs(10_000) },
    );
    expect(world.stored.size).toBe(0);
    expect(world.log.join("")).not.toContain("page failed");
    // Nothing of this used up the sign-in itself.
    expect((await browser.get(back.href)).status).toBe(303);
  },
);
