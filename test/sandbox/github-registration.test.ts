import { afterAll, beforeAll, expect, test } from "vitest";
import { createBrowser, headingOf } from "../../sandbox/browser.ts";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { APP_MANIFEST_ROUTES } from "../../sandbox/github/routes/app-manifests.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { answerProblems } from "./description.ts";

const OPERATION = "POST /app-manifests/{code}/conversions";

let github: LoopbackGitHub;
beforeAll(async () => {
  github = await startGitHub();
});
afterAll(() => github.close());

function manifest(): string {
  return JSON.stringify({
    name: "A bot",
    url: "https://bot.example.com",
    redirect_url: `http://${github.host}/back`,
    default_permissions: { issues: "write" },
    default_events: ["issues"],
  });
}

async function signedIn(login: string) {
  const browser = createBrowser(`http://${github.host}`);
  await browser.open("/login");
  await browser.submit("/login", { login, return_to: "/login" });
  return browser;
}

/** Registers an App; the code that the browser comes back with. */
async function register(name: string, list = "/settings/apps"): Promise<string> {
  const browser = await signedIn("octocat");
  await browser.send(`${list}/new?state=a+b`, { manifest: manifest() });
  const back = await browser.submit(list, { name });
  const { pathname, searchParams } = new URL(back.url);
  expect([pathname, searchParams.get("state")]).toEqual(["/back", "a b"]);
  return searchParams.get("code") ?? "";
}

async function convert(code: string) {
  const url = `http://${github.host}/api/v3/app-manifests/${code}/conversions`;
  const response = await fetch(url, { method: "POST" });
  return { status: response.status, data: await response.json() };
}

test("an App's credentials are as GitHub describes them, once", async () => {
  expect(APP_MANIFEST_ROUTES.map(({ operation }) => operation)).toEqual([OPERATION]);
  const code = await register("One bot", "/organizations/octo-org/settings/apps");
  const { status, data } = await convert(code);
  expect(answerProblems(OPERATION, status, data)).toEqual([]);
  expect(data).toMatchObject({
    slug: "one-bot",
    owner: { login: "octo-org" },
    permissions: { issues: "write" },
    pem: github.privateKey,
  });
  expect(await convert(code)).toMatchObject({ status: 404 });
});

test("a code is good for an hour", async () => {
  const code = await register("Late bot");
  github.clockOffsetMs = 3_600_001;
  expect(await convert(code)).toMatchObject({ status: 404 });
  github.clockOffsetMs = 0;
});

test("names are unique, and only owners register Apps for an organization", async () => {
  const browser = await signedIn("writer");
  const sent = { manifest: manifest() };
  const theirs = await browser.send("/organizations/octo-org/settings/apps/new", sent);
  expect([theirs.status, headingOf(theirs)]).toEqual([404, "Page not found"]);
  await browser.send("/settings/apps/new", sent);
  const taken = await browser.submit("/settings/apps", { name: "Copilot task bot" });
  expect([taken.status, headingOf(taken)]).toEqual([422, "Create GitHub App for writer"]);
});

test("who isn't signed in comes to an empty form, as does whoever sends no manifest", async () => {
  const browser = createBrowser(`http://${github.host}`);
  const { location } = await browser.send("/settings/apps/new?state=s", { manifest: manifest() });
  await browser.open(location ?? "");
  const shown = await browser.submit("/login", { login: "octocat" });
  expect(headingOf(shown)).toBe("Register new GitHub App");
});
