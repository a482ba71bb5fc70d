import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isComplete } from "../../runs.ts";
import { asked, canAttach, isNotice, steady } from "../world.ts";
import { offer } from "./followed.ts";
import type { Story, World } from "./killed-bots.ts";
import { follow, openWorld } from "./killed-bots.ts";

/** After the prompt, Mission Control takes long to answer one message. */
const SLOW = { steer: { after: 1, times: 1, delayMs: 60_000 } };

const SUMMARY = "Done while nobody looked.";

/** One bot follows both sessions, and the next one goes on with them. */
describe.each(isComplete ? (["kill", "stop"] as const) : (["kill"] as const))(
  "after a %s",
  (end) => {
    let world: World;
    let finished: Story;
    let messaged: Story;
    const steered = () => asked(world).filter((line) => line.endsWith("/steer")).length;

    beforeAll(async () => {
      world = await openWorld();
      const first = await world.start();
      world.github.deliverTo(`${first.url}/api/github/webhooks`);
      finished = await follow(world);
      world.missionControl.behaveOnce(SLOW);
      messaged = await follow(world);
      await world.github.as("octocat").comment(messaged.issue, "/copilot send And the tests?");
      await world.missionControl.until(() => steered() === 3, 60_000);
      await (end === "kill" ? first.kill() : first.stop());
      finished.emit("session.task_complete", { summary: SUMMARY, success: true });
      await world.start();
    }, 180_000);
    afterAll(() => world.close());

    it("the bot keeps following, or says that it lost contact", async () => {
      const words = canAttach ? "Copilot finished" : "the bot lost contact with the session.";
      const comments = await finished.until((all) => all.some((body) => body.includes(words)));
      expect(comments).toEqual([expect.stringContaining(offer(SUMMARY))]);
      expect(finished.session?.prompts).toHaveLength(1);
    });

    it("a message that was being sent is reported, and not sent again", async () => {
      const bodies = await messaged.until((all) =>
        all.some((body) => body.includes("doesn't know")),
      );
      const comments = bodies.filter((body) => !isNotice(body));
      expect(comments.map((comment) => steady(comment, world))).toEqual([
        expect.stringContaining(
          "\n\nThe bot lost contact with the session, so it doesn't know whether the message from `octocat` arrived. Check in Mission Control before you send it again.\n\n",
        ),
      ]);
      expect(steered()).toBe(3);
      expect(messaged.session?.prompts).toHaveLength(1);
    });
  },
);
