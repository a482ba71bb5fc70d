import { expect, test } from "vitest";
import { isSubmodulePath } from "../../../src/core/workspace/submodules.ts";

test.for([
  "lib",
  "a lib/deep",
  ".github/x",
  ".github",
  "vendor/.gitlab/lib",
  ".gitmodules.d",
  "git~x",
  "a.git",
  "...x",
])("%j gets a submodule", (path) => {
  expect(isSubmodulePath(path)).toBe(true);
});

/** Some lead to `.git` only on Windows or macOS: Git refuses these everywhere, too. */
test.for([
  ".git",
  ".GIT/hooks",
  "a/.git",
  ".git.",
  ".git . ./x",
  ".git ",
  ".git::$INDEX_ALLOCATION/x",
  ".git:hidden",
  "git~1",
  "GIT~12.",
  "git~1 :x",
  ".g\u200Cit",
  ".git\n",
  "..",
  "a/./b",
  "a//b",
  "/a",
  "a/",
  "a\\..\\b",
  "-x",
  "",
  "a".repeat(501),
])("%j gets none", (path) => {
  expect(isSubmodulePath(path)).toBe(false);
});
