import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import {
  askedByApp,
  manifestFor,
  withSelfHosting,
} from "../../../script/lib/registration/manifest.ts";

const ADDRESSES = { webhooks: "https://hooks.example.com/bot", publicUrl: "https://bot.test" };

test("the manifest is app.yml with the chosen name and the bot's own addresses", () => {
  const appYml = "name: bot\npublic: false\ncallback_urls: [https://bot.example.com/x]\n";
  const redirectUrl = "http://127.0.0.1:3000/key/registered";
  const manifest = manifestFor(appYml, { name: "our bot", addresses: ADDRESSES, redirectUrl });
  expect(JSON.parse(manifest)).toEqual({
    name: "our bot",
    public: false,
    hook_attributes: { url: "https://hooks.example.com/bot/api/github/webhooks" },
    callback_urls: ["https://bot.test/oauth/callback"],
    setup_url: "https://bot.test/setup",
    redirect_url: redirectUrl,
  });
});

test("app.yml says of each permission and event what it's for", () => {
  const appYml = readFileSync("app.yml", "utf8");
  const { default_permissions, default_events } = z
    .object({
      default_permissions: z.record(z.string(), z.string()),
      default_events: z.array(z.string()),
    })
    .parse(parse(appYml));
  const { name, isPrivate, permissions, events } = askedByApp(appYml);
  expect({ name, isPrivate }).toEqual({ name: "copilot-task-bot", isPrivate: true });
  expect(permissions).toHaveLength(Object.keys(default_permissions).length);
  expect(events).toHaveLength(default_events.length);
  for (const { why } of [...permissions, ...events]) expect(why).toMatch(/^[A-Z].+\.$/u);
  expect(permissions.slice(0, 2)).toEqual([
    {
      name: "Metadata",
      access: "Read-only",
      why: "Every App gets this. To check the requester's role and find the default branch.",
    },
    {
      name: "Contents",
      access: "Read-only",
      why: "To read the policy file, its prompt templates, and the head commit that the prompt names.",
    },
  ]);
  expect(events[1]).toEqual({
    name: "Pull request",
    access: null,
    why: "A label on a pull request; a pull request opened, pushed to, or closed.",
  });
});

test("for sessions on one's own machines, it asks for one permission more, and says why", () => {
  const appYml = readFileSync("app.yml", "utf8");
  const [before, after] = [appYml, withSelfHosting(appYml)].map((text) => askedByApp(text));
  const changed = {
    name: "Contents",
    access: "Read and write",
    why: "To read the policy file, its prompt templates, and the head commit that the prompt names. To push what agents commit in sessions on your own machines, to branches of their own.",
  };
  expect(after).toEqual({
    ...before,
    permissions: before?.permissions.map((one) => (one.name === "Contents" ? changed : one)),
  });
  expect(parse(withSelfHosting(appYml))).toEqual({
    ...parse(appYml),
    default_permissions: { ...parse(appYml).default_permissions, contents: "write" },
  });
  // Opening pull requests is part of what app.yml asks for.
  expect(parse(appYml).default_permissions).toMatchObject({ pull_requests: "write" });
});
