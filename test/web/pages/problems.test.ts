import { expect, test } from "vitest";
import { staleFormPage, tooLargePage } from "../../../src/web/pages/problems.ts";

test.each([
  ["/tasks/0b4f9bd6-1f0c/commands", "/tasks/0b4f9bd6-1f0c"],
  ["/setup/labels", "/setup"],
  ["/connect/token", "/connect"],
  ["/sign-out", "/"],
  ["/tasks/../admin/commands", "/"],
  ["//evil.example/commands", "/"],
])("a form sent to %s leads back to %s", async (path, page) => {
  for (const problem of [staleFormPage(path), tooLargePage(path)]) {
    expect(String(await problem)).toContain(`<a class="button" href="${page}">Open the page again`);
  }
});
