import * as fc from "fast-check";
import { expect, test } from "vitest";
import { checkRunOf } from "../../../src/core/comment/check-run.ts";
import { renderComment } from "../../../src/core/comment/comment.ts";
import { GITHUB_COM } from "../../../src/core/github/hosts.ts";
import { runs } from "../../runs.ts";
import { MARKUP_ATTACKS } from "../../web/markup-attacks.ts";
import { readMarkdown } from "../markdown.ts";
import type { Layer } from "../task.ts";
import { ASKED, failed, HOSTED, over, STARTED, taskWith } from "../task.ts";
import { HOSTED_FOLLOWED } from "./hosted-examples.ts";

const PIECES = [
  "`",
  "``",
  "\n",
  "\n\n",
  " ",
  "*",
  "# ",
  "> ",
  "- ",
  "|",
  "[",
  "](",
  ")",
  "@octocat",
];
const hostile = fc.oneof(
  fc.constantFrom(...MARKUP_ATTACKS),
  fc
    .array(
      fc.constantFrom(
        ...PIECES,
        "octo-org/x#1",
        "https://evil.example",
        "<b>",
        "a",
        "\uD800",
        "\u202E",
      ),
      {
        maxLength: 30,
      },
    )
    .map((all) => all.join("")),
  fc.string({ unit: "binary", maxLength: 300 }),
);
const names = fc.array(hostile, { maxLength: 3 });

const pushed = fc.record({
  type: fc.constant("pushed"),
  branch: hostile,
  commit: hostile,
  pull: fc.option(fc.record({ number: fc.nat(), url: hostile })),
});
const publication = fc.oneof(
  fc.constant(null),
  fc.record({ type: fc.constant("failed"), detail: hostile, before: fc.option(pushed) }),
  pushed,
);

const share = fc.oneof(
  fc.constantFrom(null, { type: "not_shared" } as const),
  fc.record({
    type: fc.constant("refused"),
    code: fc.constantFrom("share_refused", "mission_control_unreachable", "unknown"),
    cause: fc.constant(null),
    detail: hostile,
  }),
);

const hosting = fc.record({
  machine: fc.option(hostile),
  labels: names,
  egress: names,
  isIsolated: fc.constantFrom(true, false, null),
  awaySince: fc.constantFrom(null, "2026-11-21T12:11:40.000Z"),
  why: fc.constantFrom("policy", "cloud_blocked"),
  share,
  publication,
});

const stage = fc.constantFrom<Layer>(
  over(ASKED, HOSTED),
  over(STARTED, HOSTED),
  HOSTED_FOLLOWED,
  over(HOSTED_FOLLOWED, { state: "failed", outcome: failed("runtime_crashed") }),
);

const FOLD = ["<details><summary>Details</summary>", "</details>"];

test("names of machines, labels, hosts, and branches are code, and lead nowhere else", () => {
  fc.assert(
    fc.property(stage, hosting, (layer, fields) => {
      const checkCommit = "0123456789abcdef0123456789abcdef01234567";
      const changes = { session: { hosting: fields }, decision: { checkCommit } };
      const task = taskWith(layer, changes);
      const { links, images, html, words } = readMarkdown(renderComment(task, GITHUB_COM));
      expect(html).toEqual([`<!-- copilot-task:${task.id} -->`, ...FOLD]);
      expect(images).toEqual([]);
      expect(words).not.toMatch(/@\w|https?:|www\.|octo-org\/x#1|evil/u);
      for (const link of links)
        expect(link).toMatch(/^https:\/\/(?:github\.com|www\.githubstatus\.com)(?:\/|$)/u);
      const summary = readMarkdown(checkRunOf(task, GITHUB_COM)?.summary ?? "");
      expect([summary.links, summary.images, summary.html]).toEqual([[], [], []]);
    }),
    { numRuns: runs(300) },
  );
});
