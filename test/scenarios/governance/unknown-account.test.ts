import { describe, expect, it } from "vitest";
import { COPILOT_ACCOUNT, asked, useWorld } from "../world.ts";
import { ONLY_A_REACTION, answerIn, answerTo, newIssue, silentAnswerTo } from "./story.ts";

const world = useWorld({
  beforeStart(github) {
    const body = { message: "Sorry. Your account was suspended." };
    github.failNext({ method: "GET", path: "/user" }, { status: 403, body });
  },
});

describe("while GitHub doesn't say whose token it is", () => {
  it.each([
    ["the account itself", COPILOT_ACCOUNT, "copilot:triage"],
    ["anybody's label", "writer", "copilot:triage"],
    ["anybody's command", "writer", "/copilot triage"],
    ["an order", "writer", "/copilot approve"],
  ])("nothing starts: %s", async (_whose, login, words) => {
    const comment = await answerIn(world, login, "hello", words);
    expect(comment).toContain(
      "> **Copilot didn't accept the token that the bot uses** (`bad_credentials`).",
    );
    expect(comment).toContain(
      words === "/copilot approve"
        ? "\n### ❌ Command failed: `/copilot approve`\n"
        : "\n### ❌ Copilot couldn't start: triage\n",
    );
    // A command to a task would not have created a session anyway.
    expect(comment.includes("No session was created")).toBe(words !== "/copilot approve");
    expect(asked(world)).toEqual([]);
  });

  it("strangers still get only a reaction, and questions are answered", async () => {
    const issue = await newIssue(world, "hello");
    const silence = await silentAnswerTo(world, "reader", issue, "/copilot triage");
    expect(silence).toEqual(ONLY_A_REACTION);
    expect(await answerTo(world, "writer", issue, "/copilot help")).toContain("/copilot triage");
  });

  it("is in the log, in GitHub's words, and GitHub isn't asked for each task", () => {
    const lines = world.log.filter((line) => line.includes("whose COPILOT_GITHUB_TOKEN it is"));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("Sorry. Your account was suspended.");
    expect(world.github.requests.filter(({ path }) => path === "/user")).toHaveLength(1);
  });
});
