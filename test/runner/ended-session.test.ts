import { expect, test } from "vitest";
import { GITHUB_COM } from "../../src/core/github/hosts.ts";
import type { GitHub } from "../../src/ports/github.ts";
import { ALLOWED } from "../core/policy/allowed.ts";
import { HOSTED, PROMPTED } from "../core/task.ts";
import { moving, record } from "../store/story.ts";
import { commanded } from "../store/trigger.ts";
import { TIMEOUTS } from "../timeouts.ts";
import { away, clockedBot, createClock, HOUR_MS, never } from "./clocked-bot.ts";

const MINUTE_MS = 60_000;
const COMMIT = "1".repeat(40);
const FAILURE = {
  code: "limit_exceeded",
  cause: "time",
  message: "The session has run for 60 minutes.",
  nothingCreated: false,
} as const;

/** A session on the administrator's machine that has ended for a limit, whose last commits are still there. */
async function endedSession(repositoryToken: GitHub["repositoryToken"]) {
  const clock = createClock();
  const edits: string[] = [];
  const { runner, store } = await clockedBot({
    clock,
    github: {
      repositoryToken,
      updateComment(_thread, _id, body) {
        edits.push(body.split("\n\n<details>")[0]?.split("\n").slice(1).join("\n") ?? "");
        return Promise.resolve();
      },
    },
    identities: {},
    selfHosting: ALLOWED,
    sessionHost: {
      attach: () => Promise.resolve({ type: "ended", failure: FAILURE }),
      push: () => Promise.resolve({ type: "pushed", commit: COMMIT }),
    },
    hosts: GITHUB_COM,
    timeouts: TIMEOUTS,
  });
  const { tasks } = store;
  const followUntil = new Date(clock.now().getTime() + HOUR_MS).toISOString();
  const branch = { kind: "fix", number: 7, id: "0123abcd" };
  const task = await record(tasks, await moving(tasks, commanded(1)), PROMPTED, HOSTED, {
    session: { followUntil, hosting: { push: "branch", branch, ids: { owner: 1, repository: 2 } } },
    shown: { comment: { id: 1 } },
  });
  if (task === null) throw new TypeError("not recorded");
  await tasks.release(task);
  return { clock, edits, start: () => runner.start(task.id) };
}

const TOKEN = { type: "token", token: "ghs_token", expiresAt: "2026-11-29T13:00:00Z" } as const;
const token = () => Promise.resolve(TOKEN);

test("commits of a session that has ended are pushed once GitHub is back", async () => {
  const answers: GitHub["repositoryToken"][] = [away, away, token];
  const { clock, edits, start } = await endedSession((...asked) =>
    (answers.shift() ?? never)(...asked),
  );
  expect(await start()).toEqual({ afterMs: MINUTE_MS });
  clock.pass(MINUTE_MS);
  expect(await start()).toEqual({ afterMs: MINUTE_MS });
  clock.pass(MINUTE_MS);
  expect(await start()).toBe("done");
  expect(edits).toMatchInlineSnapshot(`
    [
      "### 🔄 Copilot is working: triage

    **Running for less than a minute**

    **Not pushed:** Pushing Copilot's commits failed: \`503\`. The bot keeps trying while it follows the session.

    To see this session on GitHub, comment \`/copilot share 0b220df1\`.",
      "### ❌ Copilot's session failed: triage

    > [!WARNING]
    > **The session was ended, because its time was up** (\`limit_exceeded\`).
    >
    > Divide the work into smaller tasks, or ask the bot's administrator to raise \`SELF_HOSTED_MINUTES\`.

    **Branch:** [\`copilot/fix-7-0123abcd\`](https://github.com/octo-org/hello/tree/copilot/fix-7-0123abcd)

    The session was on the administrator's machine \`build-1\`. To try again, write your command again in a new comment.",
    ]
  `);
});

test("while GitHub stays away, they're tried for 15 minutes", async () => {
  const { clock, edits, start } = await endedSession(away);
  expect(await start()).toEqual({ afterMs: MINUTE_MS });
  clock.pass(14 * MINUTE_MS);
  expect(await start()).toEqual({ afterMs: MINUTE_MS });
  clock.pass(MINUTE_MS);
  expect(await start()).toBe("done");
  expect(edits.at(-1)).toMatchInlineSnapshot(`
    "### ❌ Copilot's session failed: triage

    > [!WARNING]
    > **The session was ended, because its time was up** (\`limit_exceeded\`).
    >
    > Divide the work into smaller tasks, or ask the bot's administrator to raise \`SELF_HOSTED_MINUTES\`.

    **Not pushed:** Pushing Copilot's commits failed: \`503\`.

    The session was on the administrator's machine \`build-1\`. To try again, write your command again in a new comment."
  `);
});

test("where the App may not push, nobody waits for that", async () => {
  const missing = { name: "contents", level: "write", grantedBy: "app", page: null } as const;
  const refusal = { type: "not_permitted", missing } as const;
  const { edits, start } = await endedSession(() => Promise.resolve(refusal));
  expect(await start()).toBe("done");
  expect(edits).toMatchInlineSnapshot(`
    [
      "### ❌ Copilot's session failed: triage

    > [!WARNING]
    > **The session was ended, because its time was up** (\`limit_exceeded\`).
    >
    > Divide the work into smaller tasks, or ask the bot's administrator to raise \`SELF_HOSTED_MINUTES\`.

    **Not pushed:** Pushing Copilot's commits failed: \`The App lacks the permission contents: write; its owner can add it in the App's settings\`.

    The session was on the administrator's machine \`build-1\`. To try again, write your command again in a new comment.",
    ]
  `);
});
