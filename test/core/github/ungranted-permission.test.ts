import { describe, expect, test } from "vitest";
import {
  appSettingsPage,
  includesLevel,
  permissionCause,
} from "../../../src/core/github/ungranted-permission.ts";

describe("the settings of an App", () => {
  test.each([
    ["Organization", "https://github.com/organizations/octo-org/settings/apps/the-bot"],
    ["User", "https://github.com/settings/apps/the-bot"],
  ])("of an account of the type %s", (type, page) => {
    const app = { slug: "the-bot", owner: { login: "octo-org", type } };
    expect(appSettingsPage(app, "https://github.com")).toBe(page);
  });

  test("of an enterprise, which has no login, aren't known", () => {
    expect(appSettingsPage({ slug: "the-bot", owner: null }, "https://github.com")).toBeNull();
  });
});

test.each([
  ["write", "read", true],
  ["write", "write", true],
  ["read", "write", false],
  [undefined, "read", false],
])("the level %s includes %s: %s", (level, other, does) => {
  expect(includesLevel(level, other)).toBe(does);
});

test("a missing permission is the cause of a failure; a missing installation has none", () => {
  const missing = { name: "contents", level: "write", grantedBy: "account", page: null } as const;
  expect(permissionCause(missing)).toBe("account_contents");
  expect(permissionCause(null)).toBeNull();
});
