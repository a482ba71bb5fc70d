import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  IDENTITY_CHOICES,
  PROVIDED_ACCOUNTS,
  providedAccount,
} from "../../../src/core/policy/identity-choice.ts";

test("the guide names whose Copilot the policy can choose", () => {
  const guide = readFileSync("docs/governance.md", "utf8");
  const [, values = ""] = /^\| `identity` +\|(?<values>[^|]*)\|/mu.exec(guide) ?? [];
  expect([...values.matchAll(/`(?<name>[^`]+)`/gu)].map(([, name]) => name)).toEqual(
    IDENTITY_CHOICES,
  );
});

test("a task whose account isn't there anymore has the default one's words", () => {
  expect(["bot", "former", "toString", null].map(providedAccount)).toEqual(
    Array.from({ length: 4 }, () => PROVIDED_ACCOUNTS.bot),
  );
});
