import { expect, test } from "vitest";
import type { Browser } from "./browser.ts";
import { OCTOCAT, WRITER } from "./github.ts";
import type { World } from "./world.ts";
import { createWorld } from "./world.ts";

/** Somebody who has signed in, has disconnected, and looks at the page. */
async function signedIn(world: World): Promise<Browser> {
  const browser = world.open();
  await world.connect(browser, OCTOCAT);
  world.stored.clear();
  await browser.get("/connect");
  return browser;
}

/** The first lines of the page: what became of the token. */
function alertOf(text: string): string | undefined {
  return text.split("\n").find((line) => line.startsWith("The token wasn't stored."));
}

test("a fine-grained token of one's own is stored after it was examined", async () => {
  const world = createWorld();
  const browser = await signedIn(world);
  const token = world.github.createPersonal(OCTOCAT);
  const answer = await browser.submit("/connect/token", { token: ` ${token}\n` });
  expect(answer).toMatchObject({ status: 303, location: "/connect" });
  const { connection, tokens } = world.stored.get(OCTOCAT.id) ?? {};
  expect(tokens).toEqual({ token, refreshToken: null });
  expect(connection).toMatchObject({ kind: "personal", expiresAt: null });
  expect(world.continued).toEqual([OCTOCAT.id, OCTOCAT.id]);
  const { text } = await browser.get("/connect");
  expect(text).toContain("Connected with\nA fine-grained personal access token");
  expect(text).toContain("Until\nYou disconnect. GitHub reports no expiration date for the token.");
});

test("somebody else's token isn't stored, and not ended either", async () => {
  const world = createWorld();
  const browser = await signedIn(world);
  const token = world.github.createPersonal(WRITER);
  const { status, text } = await browser.submit("/connect/token", { token });
  expect(status).toBe(422);
  expect(alertOf(text)).toBe(
    "The token wasn't stored. It belongs to @writer, but you're signed in as @octocat.",
  );
  expect(world.stored.size).toBe(0);
  expect(world.github.live.has(token)).toBe(true);
});

test("what a token lacks is named, with the page where it's given", async () => {
  const world = createWorld();
  const browser = await signedIn(world);
  const token = world.github.createPersonal(OCTOCAT);
  world.github.answers.examine = {
    type: "unfit",
    person: OCTOCAT,
    problem: "It lacks the permission “Copilot Requests”.",
    page: "https://github.com/settings/personal-access-tokens",
  };
  const { status, text, html } = await browser.submit("/connect/token", { token });
  expect(status).toBe(422);
  expect(alertOf(text)).toBe(
    "The token wasn't stored. It lacks the permission “Copilot Requests”. Fix this on GitHub.",
  );
  expect(html).toContain('href="https://github.com/settings/personal-access-tokens"');
  expect(world.stored.size).toBe(0);
  // The form is there again, and works.
  delete world.github.answers.examine;
  expect((await browser.submit("/connect/token", { token })).status).toBe(303);
});

test.each([
  ["nothing", ""],
  ["a classic token", "ghp_0123456789abcdef0123456789abcdef0123"],
  ["an OAuth token", "gho_0123456789abcdef0123456789abcdef0123"],
  ["two lines", "github_pat_1\ngithub_pat_2"],
  ["HTML", "github_pat_<script>alert(1)</script>"],
])("%s isn't taken for a token, and GitHub isn't asked", async (_what, token) => {
  const world = createWorld();
  const browser = await signedIn(world);
  world.github.answers.examine = { type: "unreachable", message: "asked" };
  const { status, text, html } = await browser.submit("/connect/token", { token });
  expect(status).toBe(422);
  expect(alertOf(text)).toBe(
    "The token wasn't stored. It isn't a fine-grained personal access token, which begins with github_pat_.",
  );
  expect(html).not.toContain("alert(1)");
});

test("when GitHub doesn't respond, nothing is stored", async () => {
  const world = createWorld();
  const browser = await signedIn(world);
  const token = world.github.createPersonal(OCTOCAT);
  world.github.answers.examine = { type: "unreachable", message: "ENOTFOUND" };
  const { text } = await browser.submit("/connect/token", { token });
  expect(alertOf(text)).toBe(
    "The token wasn't stored. GitHub didn't respond. Try again in a few minutes.",
  );
  expect(world.stored.size).toBe(0);
});
