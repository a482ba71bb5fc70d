import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { WEBHOOK_EVENTS } from "../src/core/webhook/read-webhook.ts";

const manifest = z
  .object({
    default_events: z.array(z.string()),
    default_permissions: z.record(z.string(), z.string()),
    callback_urls: z.array(z.string()),
    request_oauth_on_install: z.boolean(),
    setup_url: z.string(),
    setup_on_update: z.boolean(),
  })
  .parse(parse(readFileSync("app.yml", "utf8")));

it("app.yml subscribes to exactly the events that the bot reads", () => {
  // GitHub sends every App webhooks about its installations and authorizations: nobody can subscribe to these.
  const read = new Set(
    WEBHOOK_EVENTS.map((name) => name.split(".")[0] ?? "").filter(
      (name) => !name.startsWith("installation") && name !== "github_app_authorization",
    ),
  );
  expect(new Set(manifest.default_events)).toEqual(read);
});

it("app.yml asks for these permissions and no others", () => {
  expect(manifest.default_permissions).toEqual({
    metadata: "read",
    contents: "read",
    issues: "write",
    pull_requests: "write",
    members: "read",
    checks: "write",
  });
});

it("app.yml sends people back to the page that takes their authorization, and doesn't ask for it at installation", () => {
  expect(manifest.callback_urls).toEqual(["https://bot.example.com/oauth/callback"]);
  expect(manifest.request_oauth_on_install).toBe(false);
});

it("app.yml sends people who install the App, or change where it's installed, to the page that sets it up", () => {
  expect(manifest.setup_url).toBe("https://bot.example.com/setup");
  expect(manifest.setup_on_update).toBe(true);
});
