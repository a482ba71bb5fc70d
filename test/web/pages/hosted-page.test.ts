import { describe, expect, test } from "vitest";
import type { Hosting } from "../../../src/core/task/hosting.ts";
import { taskPage } from "../../../src/web/pages/task-page.ts";
import { HOSTED_FOLLOWED } from "../../core/comment/hosted-examples.ts";
import { FOLLOWED } from "../../core/comment/session-examples.ts";
import type { Layer } from "../../core/task.ts";
import { ASKED, HOSTED, taskWith } from "../../core/task.ts";
import { textOf } from "../browser.ts";
import { MARKUP_ATTACKS } from "../markup-attacks.ts";
import { taskPageView, VIEWER } from "../site-world.ts";
import { foreignIn, partOf } from "./text.ts";

const BIDI = /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/u;

function page(layers: readonly Layer[], more: Parameters<typeof taskPageView>[1] = {}) {
  return taskPage(taskPageView(taskWith(...layers), more));
}

/** The actions of a session that runs there. */
async function actionsOn(hosting: Partial<Hosting>): Promise<string> {
  const layer: Layer = { session: { hosting: { ...hosting } } };
  return textOf(await partOf(page([HOSTED_FOLLOWED, layer]), "actions"));
}

describe("a session on the administrator's machine", () => {
  test("is shown on GitHub, or no longer, with one button", async () => {
    expect(await actionsOn({})).toContain("Show on GitHub");
    expect(await actionsOn({ share: { type: "shared" } })).toContain("Stop showing on GitHub");
    expect(textOf(await partOf(page([FOLLOWED]), "actions"))).not.toContain("on GitHub");
  });

  test("has no such button where the policy says never", async () => {
    expect(await actionsOn({ sharing: "never" })).toContain(
      "Show on GitHub: The policy keeps this session on its machine.",
    );
  });

  test("is its owner's to show", async () => {
    const viewer = { ...VIEWER, id: 9, login: "writer" };
    const layers = [HOSTED_FOLLOWED, { decision: { identity: "requester" } } as const];
    expect(textOf(await partOf(page(layers, { viewer }), "actions"))).toContain(
      "Show on GitHub: The session uses the Copilot of @octocat, so only they can do this.",
    );
  });

  test("may have a machine, a branch, and hosts with any names", async () => {
    const attack = MARKUP_ATTACKS.join(" ");
    const hosting = {
      machine: attack,
      labels: MARKUP_ATTACKS,
      egress: MARKUP_ATTACKS,
      publication: { type: "pushed", branch: attack, commit: attack, pull: null },
    } as const;
    for (const layers of [[HOSTED_FOLLOWED], [ASKED, HOSTED]]) {
      const html = String(await page([...layers, { session: { hosting } }]));
      expect(html).toContain("alert(1)");
      expect(foreignIn(html)).toEqual([]);
      expect(html).not.toMatch(BIDI);
    }
  });
});
