import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isComplete } from "../../runs.ts";
import { observe } from "../observed.ts";
import type { LocalSession } from "../../../src/ports/local-sessions.ts";
import { git, useLocalWorld } from "./world.ts";

const world = useLocalWorld();

/** Allows the first request that's about this. */
async function allow(session: LocalSession, about: RegExp): Promise<void> {
  const { requestId } = await observe(session).next("asked", ({ asking }) =>
    about.test(JSON.stringify(asking)),
  );
  expect(await session.answer(requestId, { approved: true })).toBe("answered");
}

const bash = (command: string) => ({ tool: "bash", arguments: { command, description: command } });

describe.each(isComplete ? (["older", "newer"] as const) : (["older"] as const))(
  "a local session of the %s family",
  (family) => {
    it("works in a clone, asks, is steered from the web, and goes on after its runtime was killed", async () => {
      const { missionControl } = world;
      const request = world.request(family, {
        sharing: "always",
        model: "claude-sonnet-4.5",
      });
      const { workspace } = request.place;
      const readme = join(workspace, "README.md");
      const edit = { path: readme, old_str: "Helo", new_str: "Hello" };
      missionControl.play({
        prompt: `Fix the typo (${family}).`,
        turns: [
          { says: "I read it.", calls: [{ tool: "view", arguments: { path: readme } }] },
          { says: "I fix it.", calls: [{ tool: "edit", arguments: edit }] },
          { calls: [bash('git commit -qam "Fix a typo" && echo "wrapped: $WRAPPED"; env')] },
          {
            calls: [{ tool: "ask_user", arguments: { question: "Push?", choices: ["yes", "no"] } }],
          },
          { calls: [bash("git push")] },
          [{ ifResult: "Not yet", says: "I don't push." }, { says: "I've pushed." }],
          { says: "As you wish." },
          { calls: [bash("sleep 60")] },
          { says: "I'm back." },
        ],
      });

      const session = await world.open(request);
      const shared = missionControl.sessions.find(({ sessionId }) => sessionId === session.id);
      const url = `https://github.com/octo-org/hello/tasks/${shared?.taskId}`;
      expect(session).toMatchObject({ id: request.sessionId, shared: { type: "shared", url } });
      expect(shared).toMatchObject({ authorization: "gho_octocat", repository: "1/2" });
      expect(await session.link(0)).toBe(url);

      const first = observe(session);
      expect(await session.deliver(`Fix the typo (${family}).`)).toBe("delivered");
      await allow(session, /Read file/u);
      expect(readFileSync(readme, "utf8")).toBe("Helo\n");
      await allow(session, /"kind":"write"/u);
      await allow(session, /git commit/u);
      const question = await first.next("asked", ({ asking }) => asking.type === "question");
      expect(git(workspace, "log", "--format=%an: %s")).toBe(
        "Copilot: Fix a typo\nOctocat: Say hello",
      );
      expect(git(workspace, "show", "HEAD:README.md")).toBe("Hello");
      const output = JSON.stringify(missionControl.requests.findLast(isCompletion)?.body);
      expect(output).toContain("wrapped: yes");
      // Of its own output, the runtime hides what a token is, and shows which variable it's in.
      expect(output).not.toMatch(/gho_octocat|COPILOT_SDK_AUTH_TOKEN/u);
      expect(await session.answer(question.requestId, { approved: true, text: "yes" })).toBe(
        "answered",
      );
      const push = await first.next("asked", ({ asking }) =>
        /git push/u.test(JSON.stringify(asking)),
      );
      expect(await session.answer(push.requestId, { approved: false, text: "Not yet." })).toBe(
        "answered",
      );
      await first.next("said", ({ text }) => text === "I don't push.");
      await first.next("idle");
      expect(await session.usage()).toEqual({
        requests: 6,
        inputTokens: 600,
        outputTokens: 60,
        linesAdded: 1,
        linesRemoved: 1,
      });

      missionControl.command(shared?.id ?? "", { type: "user_message", content: "Leave it so." });
      await first.next("said", ({ text }) => text === "As you wish.");
      // Before it's reported as done, a command is taken again by the next runtime.
      await missionControl.until(() => shared?.commands[0]?.state === "completed");
      expect(await session.say("Wait a minute.")).toBe("delivered");
      const sleep = await first.next("asked", ({ asking }) =>
        /sleep 60/u.test(JSON.stringify(asking)),
      );
      // What has just happened is lost with a runtime: it writes a moment later.
      const kept = join(request.place.state, "session-state", session.id, "events.jsonl");
      await expect.poll(() => readFileSync(kept, "utf8")).toContain(sleep.requestId);
      expect(session.processId).toBeGreaterThan(1);
      process.kill(Number(session.processId), "SIGKILL");
      await new Promise((resolve) => session.lost.addEventListener("abort", resolve));
      expect(await session.say("Hello?")).toBe("unwatched");

      const again = await world.copilot.attach(request);
      if (again === null) throw new TypeError("not attached");
      const second = observe(again);
      expect(again).toMatchObject({ wasInterrupted: true, shared: { type: "shared", url } });
      await second.next("said", ({ text }) => text === "I don't push.");
      await second.next("answered", ({ requestId }) => requestId === sleep.requestId);
      await second.next("idle");
      expect(await again.answer(sleep.requestId, { approved: true })).toBe("not_waiting");
      expect(await again.say("Go on.")).toBe("delivered");
      await second.next("said", ({ text }) => text === "I'm back.");
      await again.detach();
      expect(
        world.missionControl.sessions.filter((one) => one.sessionId === session.id),
      ).toHaveLength(1);
    });

    it("is shared and unshared on demand, and says why it can't be", async () => {
      const { missionControl } = world;
      const request = world.request(family, {
        sharing: "on-demand",
        token: `gho_${family}`,
        ids: { owner: 7, repository: family === "older" ? 8 : 9 },
        model: "gpt-5.4",
        reasoningEffort: "high",
      });
      const ids = `7/${request.ids.repository}`;
      const session = await world.open(request);
      expect(session.settings.map(({ isTaken }) => isTaken)).toEqual([true, true]);
      expect(session.shared).toBeNull();
      expect(await session.link(60_000)).toBeNull();
      const refused = async () => {
        const share = await session.share();
        if (share.type === "shared") return share;
        const { code, cause } = share.failure;
        return [code, cause];
      };
      for (const status of [401, 404, 429, 500]) {
        missionControl.behaveOnce({ share: { status, body: { message: "no" } } }, ids);
        expect([status, await refused()]).toEqual([
          status,
          ["mission_control_unreachable", undefined],
        ]);
      }
      missionControl.behaveOnce({ share: { fault: "drop connection" } }, ids);
      expect(await refused()).toEqual(["mission_control_unreachable", undefined]);
      missionControl.behaveOnce({ share: { noTask: true } }, ids);
      expect(await refused()).toEqual(["mission_control_unreachable", undefined]);
      missionControl.behaveOnce({ share: { status: 403, body: { message: "no" } } }, ids);
      expect(await refused()).toEqual(["share_refused", undefined]);
      missionControl.answerToken(request.token, {
        status: 401,
        body: { message: "Bad credentials" },
      });
      missionControl.behaveOnce({ share: { status: 401, body: { message: "no" } } }, ids);
      expect(await refused()).toEqual(["share_refused", "share_account"]);

      missionControl.behaveOnce({ share: { delayMs: 1_000 } }, ids);
      const share = await session.share();
      const shared = missionControl.sessions.findLast(({ sessionId }) => sessionId === session.id);
      const url = `https://github.com/octo-org/hello/tasks/${shared?.taskId}`;
      expect(share).toEqual({ type: "shared", url });
      expect(await session.unshare()).toBe(true);
      expect(await session.share()).toEqual(share);
      expect(await session.unshare()).toBe(true);
      await session.detach();
    });

    it("works unshared where the policy doesn't allow sharing, and names the policy", async () => {
      const token = `gho_unseen_${family}`;
      world.missionControl.lookTokensUp((asked, api) => {
        const rights = {
          cloud_session_storage_enabled: true,
          cli_remote_control_enabled: asked !== token,
        };
        const account = { login: "octocat", copilot_plan: "business", chat_enabled: true };
        return { status: 200, body: { ...account, ...rights, endpoints: { api } } };
      });
      const session = await world.open(world.request(family, { sharing: "always", token }));
      expect(session.shared).toMatchObject({
        type: "refused",
        failure: { code: "share_refused", cause: "share_policy" },
      });
      expect(await session.deliver("Hello")).toBe("delivered");
      await observe(session).next("said", ({ text }) => text === "Done.");
      const ends = await Promise.all([session.abort(), session.detach()]);
      expect(ends[0]).not.toBe("unconfirmed");
    });
  },
);

function isCompletion({ path }: { readonly path: string }): boolean {
  return path === "/chat/completions";
}

it("a runtime that doesn't start is a failure, and says nothing of whether its session is there", async () => {
  const request = world.request("older");
  const command = { program: "/usr/bin/false", args: [] };
  const broken = { ...request, place: { ...request.place, command } };
  expect(await world.copilot.open(broken)).toMatchObject({
    type: "failed",
    failure: { code: "runtime_crashed", nothingCreated: true },
  });
  await expect(world.copilot.attach(broken)).rejects.toThrow();
});

it.each(["older", "newer"] as const)(
  "a session that the %s family doesn't have is null",
  async (family) => {
    expect(await world.copilot.attach(world.request(family))).toBeNull();
  },
);
