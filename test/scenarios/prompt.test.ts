import { describe, expect, it } from "vitest";
import type { Behaviour } from "../../sandbox/mission-control/behaviour.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { asked, botComments, steady, useWorld } from "./world.ts";

// What Mission Control answers with 404 the runtime never repeats by itself: no time is needed for it.
const world = useWorld({ waits: { deliveryMs: 2_500, promptNoticeMs: 600 } });

async function label(steer: NonNullable<Behaviour["steer"]>) {
  world.missionControl.behaveOnce({ steer });
  const before = asked(world).length;
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
  await octocat.label(issue, "copilot:triage");
  return { issue, requests: () => asked(world).slice(before) };
}

const TWO_PROMPTS = [
  "POST /agents/tasks",
  "POST /agents/tasks/UUID/steer",
  "POST /agents/tasks/UUID/steer",
];

describe("a prompt that is not seen to arrive", () => {
  it("is told as not there yet, and sent once more", async () => {
    const { issue, requests } = await label({ status: 404, times: 1 });
    const [waiting = ""] = await botComments(world, issue);
    expect(steady(waiting, world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### Copilot task: triage

      **[Follow the session in Mission Control](https://github.com/copilot/tasks/UUID)**

      The prompt has not arrived yet: it is being sent again.

      <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
      "
    `);

    const comments = await botComments(world, issue, (body) => !body.includes("not arrived"));
    expect(comments).toEqual([expect.stringContaining("Follow the session in Mission Control")]);
    expect(world.missionControl.tasks.at(-1)?.prompts).toHaveLength(1);
    expect(requests()).toEqual(TWO_PROMPTS);
  });

  it("is told as not delivered when it does not arrive then either", async () => {
    const { issue, requests } = await label({ status: 404 });
    const comments = await botComments(world, issue, (body) =>
      body.includes("prompt_not_delivered"),
    );
    expect(comments.map((comment) => steady(comment, world))).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### Copilot task: triage – failed: \`prompt_not_delivered\`

      The session started, but it did not take the prompt.

      The session waits for words: you can open it and write to it yourself.

      A session exists: [open it in Mission Control](https://github.com/copilot/tasks/UUID) before you ask for another one. To ask again, take the label \`copilot:triage\` off and set it again.

      <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
      ",
      ]
    `);
    expect(requests()).toEqual(TWO_PROMPTS);
  });
});
