import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { verdictOn } from "../../../src/core/session/permission.ts";
import { SHELL } from "../asking.ts";
import { runs } from "../../runs.ts";

const GUARD = "deny-writes-to-default-branch";

const PIECES = [
  [
    "git",
    "push",
    "origin",
    "main",
    "HEAD",
    "fix",
    ":",
    "+",
    "-u",
    "--all",
    "@",
    "ls",
    "cd",
    "echo",
  ],
  ["&&", ";", "|", "$HOME", "$(echo main)", "`echo main`", "refs/heads/", "heads/", "x=1", "#"],
  ["'", '"', "\\", "$", "`", "\n", "\\\n", " ", "\t", "", "", "", "{", "}", "*", "(", ")"],
].flat();

describe("whatever is approved", () => {
  const piece = fc.constantFrom(...PIECES);
  const command = fc
    .array(fc.tuple(piece, fc.constantFrom(" ", " ", " ", "", "''", "\\\n")), { maxLength: 12 })
    .map((all) => all.flat().join(""));

  test("pushes nothing to the default branch, in a real shell", { timeout: 120_000 }, () => {
    const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-shell-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const log = join(directory, "log");
    writeFileSync(join(directory, "git"), `#!/bin/sh\nprintf '%s\\n' "$*" >> '${log}'\n`);
    chmodSync(join(directory, "git"), 0o755);
    let approved = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          command,
          command.map((text) => `git push origin ${text}`),
          // Nearly what is approved: most of these run.
          fc.tuple(piece, piece).map(([text, more]) => `git push origin fix${text}${more}`),
        ),
        (text) => {
          if (verdictOn({ ...SHELL, command: text }, GUARD, "main", "octo-org/hello") !== "approve")
            return;
          approved += 1;
          rmSync(log, { force: true });
          try {
            const env = { PATH: `${directory}:/usr/bin:/bin`, HOME: directory };
            execFileSync("bash", ["-c", text], {
              cwd: directory,
              env,
              stdio: "ignore",
              timeout: 5_000,
            });
          } catch {
            // A command may fail.
          }
          const calls = existsSync(log) ? readFileSync(log, "utf8").split("\n") : [];
          for (const call of calls.filter((one) => one.startsWith("push"))) {
            expect(call).toMatch(
              /^push (?:-u )?origin (?:(?!(?:\S*:)?(?:refs\/)?(?:heads\/)?main\b(?![-./\w]))(?!HEAD$|@$)\S+ ?)+$/u,
            );
          }
        },
      ),
      { numRuns: runs(5_000) },
    );
    expect(approved).toBeGreaterThan(20);
  });
});
