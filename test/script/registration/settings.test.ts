import { parseEnv } from "node:util";
import { describe, expect, test } from "vitest";
import { settingsOf, takenNames, withSettings } from "../../../script/lib/registration/settings.ts";
import { APP } from "./app.ts";

test("an App's variables that have a value are in the way, also as files", () => {
  const variables = {
    APP_ID: " ",
    GITHUB_CLIENT_ID: "Iv1",
    WEBHOOK_SECRET_FILE: "/run/secret",
    LOG_LEVEL: "info",
  };
  expect(takenNames(variables)).toEqual(["WEBHOOK_SECRET_FILE", "GITHUB_CLIENT_ID"]);
});

test("an App's settings are those that people need to connect, too", () => {
  const publicUrl = "https://bot.test";
  const { ENCRYPTION_KEYS = "", ...rest } = settingsOf(APP, { publicUrl, gitHub: {} });
  expect(rest).toEqual({
    APP_ID: "123456",
    WEBHOOK_SECRET: APP.webhookSecret,
    GITHUB_CLIENT_ID: APP.clientId,
    GITHUB_CLIENT_SECRET: APP.clientSecret,
    PUBLIC_URL: publicUrl,
  });
  expect(Buffer.from(ENCRYPTION_KEYS, "base64")).toHaveLength(32);
});

describe("settings are written to .env", () => {
  const more = { APP_ID: "7", PUBLIC_URL: "https://bot.test", ENCRYPTION_KEYS: "a$&b=" };
  test.each([
    ["which isn't there yet", "", "APP_ID=7\nPUBLIC_URL=https://bot.test\nENCRYPTION_KEYS=a$&b=\n"],
    [
      "in the lines that have no value, with what people wrote around them",
      "# Mine\nAPP_ID=\n\n# Where\nPUBLIC_URL=''\nENCRYPTION_KEYS=\nLOG_LEVEL=warn",
      "# Mine\nAPP_ID=7\n\n# Where\nPUBLIC_URL=https://bot.test\nENCRYPTION_KEYS=a$&b=\nLOG_LEVEL=warn",
    ],
    [
      "and what has a value stays",
      "ENCRYPTION_KEYS=mine\nPUBLIC_URL='https://other.test'",
      "ENCRYPTION_KEYS=mine\nPUBLIC_URL='https://other.test'\nAPP_ID=7\n",
    ],
    [
      "with the line breaks of Windows, if it has these",
      "APP_ID=\r\nLOG_LEVEL=warn\r\n",
      "APP_ID=7\r\nLOG_LEVEL=warn\r\nPUBLIC_URL=https://bot.test\r\nENCRYPTION_KEYS=a$&b=\r\n",
    ],
  ])("%s", (_what, before, after) => {
    const variables = parseEnv(before);
    const text = withSettings(before, variables, more);
    expect(text).toBe(after);
    const given = Object.entries(variables).filter(([, value]) => value !== "");
    expect(parseEnv(text)).toEqual({ ...more, ...Object.fromEntries(given) });
  });
});
