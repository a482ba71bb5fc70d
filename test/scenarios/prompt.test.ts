import { describe, expect, it } from "vitest";
import type { Behavior } from "../../sandbox/mission-control/behavior.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { asked, botComments, canSendAgain, isNotice, steady, useWorld } from "./world.ts";

// What Mission Control answers with 404 the runtime never repeats by itself: no time is needed for it.
const world = useWorld({ timeouts: { deliveryMs: 2_500, promptNoticeMs: 600 } });

async function label(steer: NonNullable<Behavior["steer"]>) {
  world.missionControl.behaveOnce({ steer });
  const before = asked(world).length;
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
  await octocat.label(issue, "copilot:triage");
  return { issue, requests: () => asked(world).slice(before) };
}

const ONE_PROMPT = ["POST /agents/tasks", "POST /agents/tasks/UUID/steer"];
const ALL_PROMPTS = canSendAgain ? [...ONE_PROMPT, "POST /agents/tasks/UUID/steer"] : ONE_PROMPT;

describe("a prompt that is not seen to arrive", () => {
  it("is reported as not there yet, and sent once more if it can't arrive anymore", async () => {
    const { issue, requests } = await label({ status: 404, times: 1 });
    const [waiting = ""] = await botComments(world, issue, (body) =>
      body.includes("The session hasn't received the request yet."),
    );
    expect(steady(waiting, world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ⏳ Copilot is starting: triage

      [Open session](https://github.com/copilot/tasks/UUID)

      The session hasn't received the request yet. I'm still trying to deliver it.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Task \`UUID8\`

      </details>
      "
    `);

    if (!canSendAgain) {
      await botComments(world, issue, (body) => body.includes("(`prompt_not_delivered`)"));
      expect(requests()).toEqual(ONE_PROMPT);
      return;
    }
    const comments = await botComments(world, issue, (body) =>
      body.includes("### 🚀 Copilot started"),
    );
    expect(comments).toEqual([expect.stringContaining("[Open session]")]);
    expect(world.missionControl.tasks.at(-1)?.prompts).toHaveLength(1);
    expect(requests()).toEqual(ALL_PROMPTS);
  });

  it("is reported as not delivered when it doesn't arrive then either", async () => {
    const { issue, requests } = await label({ status: 404 });
    const all = await botComments(world, issue, isNotice);
    const comments = all.filter((body) => !isNotice(body));
    expect(all.filter(isNotice)).toEqual([
      expect.stringContaining("\n@octocat, Copilot's session failed (triage): "),
    ]);
    expect(comments.map((comment) => steady(comment, world))).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### ❌ Copilot didn't confirm your request: triage

      > [!WARNING]
      > **The session started but didn't confirm that it received your request** (\`prompt_not_delivered\`).
      >
      > Open the session. If your request isn't there, send it there.

      A session exists: [open it](https://github.com/copilot/tasks/UUID) before you start another one. To try again, comment \`/copilot retry UUID8\`, or remove and re-add the label.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Task \`UUID8\`

      </details>
      ",
      ]
    `);
    expect(requests()).toEqual(ALL_PROMPTS);
  });
});
