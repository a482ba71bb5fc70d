import { parseEnv } from "node:util";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { manifestFor, takenNames, withSettings } from "../../script/lib/registration.ts";

test("the manifest is app.yml with the bot's own addresses", () => {
  const appYml = "name: bot\npublic: false\ncallback_urls: [https://bot.example.com/x]\n";
  const addresses = { webhooks: "https://hooks.example.com/bot", publicUrl: "https://bot.test" };
  expect(parse(manifestFor(appYml, addresses))).toEqual({
    name: "bot",
    public: false,
    hook_attributes: { url: "https://hooks.example.com/bot/api/github/webhooks" },
    callback_urls: ["https://bot.test/oauth/callback"],
    setup_url: "https://bot.test/setup",
  });
});

test("an App's variables that have a value are in the way", () => {
  expect(takenNames({ APP_ID: " ", GITHUB_CLIENT_ID: "Iv1", LOG_LEVEL: "info" })).toEqual([
    "GITHUB_CLIENT_ID",
  ]);
});

describe("settings are written to .env", () => {
  const more = { APP_ID: "7", PUBLIC_URL: "https://bot.test", ENCRYPTION_KEYS: "a$&b=" };
  test.each([
    ["which isn't there yet", "", "APP_ID=7\nPUBLIC_URL=https://bot.test\nENCRYPTION_KEYS=a$&b=\n"],
    [
      "in the lines that have no value, with what people wrote around them",
      "# Mine\nAPP_ID=\n\n# Where\nPUBLIC_URL=\nENCRYPTION_KEYS=\nLOG_LEVEL=warn",
      "# Mine\nAPP_ID=7\n\n# Where\nPUBLIC_URL=https://bot.test\nENCRYPTION_KEYS=a$&b=\nLOG_LEVEL=warn",
    ],
    [
      "and what has a value stays",
      "ENCRYPTION_KEYS=mine\nPUBLIC_URL='https://other.test'",
      "ENCRYPTION_KEYS=mine\nPUBLIC_URL='https://other.test'\nAPP_ID=7\n",
    ],
  ])("%s", (_what, before, after) => {
    const variables = parseEnv(before);
    const text = withSettings(before, variables, more);
    expect(text).toBe(after);
    const given = Object.entries(variables).filter(([, value]) => value !== "");
    expect(parseEnv(text)).toEqual({ ...more, ...Object.fromEntries(given) });
  });
});
