import { expect, test, vi } from "vitest";
import { registeredSettings } from "../../sandbox/github/app/settings.ts";
import { appOf } from "../../sandbox/github/rest/app.ts";
import { useGitHub } from "./prepared.ts";

const github = useGitHub();

const APP = "GET /app";

/** What GitHub says of an App. */
function appNamed(slug: string) {
  const owner = { id: 1, login: "octo-org", type: "Organization" } as const;
  return { ...appOf("github.com", registeredSettings(), owner), slug };
}

test("the App's slug is asked for once", async () => {
  const { slug } = await github.connect();
  github.answers(APP, appNamed("copilot-task-bot"));
  expect(slug.known()).toBeNull();
  expect(await slug.asked()).toBe("copilot-task-bot");
  expect(slug.known()).toBe("copilot-task-bot");
  expect(await slug.asked()).toBe("copilot-task-bot");
});

test("GitHub is asked again, but not at once, when it hasn't said it", async () => {
  const { slug } = await github.connect();
  github.refuses(APP, 422);
  expect(await slug.asked()).toBeNull();
  expect(await slug.isAccepted()).toBeNull();
  github.answers(APP, appNamed("copilot-task-bot"));
  await vi.waitUntil(async () => (await slug.asked()) === "copilot-task-bot", {
    timeout: 20_000,
    interval: 500,
  });
});

test.each([401, 404])("GitHub refuses the App's key with %i", async (status) => {
  const { slug } = await github.connect();
  github.refuses(APP, status);
  expect(await slug.isAccepted()).toBe(false);
  // It isn't asked again so soon: it locks out who repeats a refused key.
  expect(await slug.isAccepted()).toBe(false);
});

test("a slug that isn't one is none", async () => {
  const { slug } = await github.connect();
  github.answers(APP, appNamed("(x+)+"));
  expect(await slug.asked()).toBeNull();
});
