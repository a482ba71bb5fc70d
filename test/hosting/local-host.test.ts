import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { GO_ON } from "../../src/core/prompt/go-on.ts";
import { withChildren } from "../../src/isolation/processes.ts";
import type { HostedSession } from "../../src/ports/session-host.ts";
import { observe } from "../copilot/observed.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { processesWith } from "../isolation/outside.ts";
import { isComplete } from "../runs.ts";
import { git } from "../workspace/hostile-repository.ts";
import { open, openOn, TOKENS, TOKEN, useHostingWorld } from "./world.ts";

const world = useHostingWorld();

const bash = (command: string) => ({ tool: "bash", arguments: { command, description: "work" } });

/** Allows whatever the agent asks for. */
function allowAll(session: HostedSession): void {
  session.observe((seen) => {
    if (seen.type === "asked") void session.answer(seen.requestId, { approved: true });
  });
}

const FAMILIES = isComplete ? (["older", "newer"] as const) : (["older"] as const);

describe.skipIf(!hasBubblewrap).each(FAMILIES)("a machine with the %s family", (family) => {
  it("runs a session in a sandbox, pushes what it committed, and goes on after it was killed", async () => {
    const { missionControl, remote } = world;
    const prompt = `Fix the typo (${family}).`;
    missionControl.play({
      prompt,
      turns: [
        {
          calls: [bash("sed -i s/Helo/Hello/ README.md && git commit -qam 'Fix the typo'; env")],
        },
        { says: "I've fixed it." },
        { calls: [bash("sleep 6161")] },
        { calls: [bash("echo more >> README.md; git commit -qam 'Say more'")] },
        { says: "I went on." },
      ],
    });
    const request = world.request({
      terms: { labels: [], egress: [], sharing: "always", push: "branch", checkout: [] },
      model: "claude-sonnet-4.5",
    });
    const host = world.host(family);
    const session = await openOn(host, request);
    expect(host.count()).toBe(1);
    const taskId = missionControl.sessions.find((one) => one.sessionId === session.id)?.taskId;
    expect(session.hosted).toMatchObject({
      machine: "build-1",
      isIsolated: true,
      shared: { type: "shared", url: `https://github.com/octo-org/hello/tasks/${taskId}` },
    });
    allowAll(session);
    const first = observe(session);
    expect(await session.deliver(prompt)).toBe("delivered");
    await first.next("said", ({ text }) => text === "I've fixed it.");
    await first.next("idle");
    const bodies = JSON.stringify(missionControl.requests.map(({ body }) => body));
    expect(bodies).not.toContain(TOKEN);

    const branch = `refs/heads/copilot/fix-7-${request.taskId.slice(0, 8)}`;
    const pushed = await session.hosted.push("");
    expect(pushed).toEqual({ type: "pushed", commit: git(remote, ["rev-parse", branch]) });
    expect(git(remote, ["log", "--format=%an: %s", branch])).toBe(
      "Copilot: Fix the typo\nocto: Say hello",
    );
    expect(await session.hosted.push("")).toEqual(pushed);

    expect(await session.say("Wait.")).toBe("delivered");
    await expect.poll(() => processesWith("6161").length, { timeout: 20_000 }).not.toBe(0);
    // The machine loses its power, as far as a test can do that.
    for (const id of processesWith(request.sessionId.slice(0, 8))) kill(id);
    for (const id of processesWith(join(world.directory, "states", request.taskId))) kill(id);
    await new Promise((resolve) => session.lost.addEventListener("abort", resolve));
    // The kernel ends what is inside right after.
    await expect.poll(() => processesWith("6161"), { timeout: 5_000 }).toEqual([]);

    const again = await world.host(family).attach(request, TOKENS);
    if (again.type !== "session") throw new TypeError(JSON.stringify(again));
    // It's the same session for whoever has its link.
    expect(again.session.hosted.shared).toEqual(session.hosted.shared);
    expect(missionControl.sessions.filter((one) => one.sessionId === session.id)).toHaveLength(1);
    allowAll(again.session);
    const second = observe(again.session);
    await second.next("said", ({ text }) => text === "I went on.");
    await second.next("idle");
    const said = JSON.stringify(missionControl.requests.at(-1)?.body ?? "");
    expect(said + JSON.stringify(missionControl.requests.map(({ body }) => body))).toContain(
      GO_ON.slice(0, 40),
    );
    expect(await again.session.hosted.push("")).toMatchObject({ type: "pushed" });
    expect(git(remote, ["log", "--format=%s", branch])).toBe("Say more\nFix the typo\nSay hello");
    await again.session.detach();
  });
});

function kill(id: string): void {
  try {
    process.kill(Number(id), "SIGKILL");
  } catch {
    // It has ended with another one.
  }
}

describe.skipIf(!hasBubblewrap)("a machine", () => {
  it("has so many sessions at once, and the next one waits for its place or is withdrawn", async () => {
    const host = world.host("older", { maxSessions: 1 });
    const first = await openOn(host, world.request());
    const withdrawal = new AbortController();
    const withdrawn = open(host, world.request(), withdrawal.signal);
    const second = open(host, world.request());
    withdrawal.abort();
    expect(await withdrawn).toEqual({ type: "withdrawn" });
    expect(host.count()).toBe(1);
    await first.detach();
    const opened = await second;
    if (opened.type !== "started") throw new TypeError(JSON.stringify(opened));
    await opened.session.detach();
    expect(host.count()).toBe(0);
  });

  it("takes nothing that asks for labels that it doesn't have", async () => {
    const host = world.host("older", { labels: ["gpu"] });
    const labeled = (labels: readonly string[]) =>
      world.request({
        terms: { labels, egress: [], sharing: "never", push: "never", checkout: [] },
      });
    const withdrawal = new AbortController();
    const served: boolean[] = [];
    const opening = host.open(labeled(["gpu", "large"]), () => Promise.resolve(TOKENS), {
      withdrawn: withdrawal.signal,
      onTaken: () => served.push(true),
      onWaiting: (isServed) => served.push(isServed),
    });
    const session = await openOn(host, labeled(["gpu"]));
    expect(served).toEqual([false]);
    withdrawal.abort();
    expect(await opening).toEqual({ type: "withdrawn" });
    await session.detach();
  });

  it("says why it can't begin, and keeps no place for that", async () => {
    const host = world.host("older");
    const request = world.request({ commit: "1".repeat(40) });
    expect(await open(host, request)).toMatchObject({
      type: "failed",
      failure: { nothingCreated: true },
    });
    expect(host.count()).toBe(0);
    expect(await host.attach(request, TOKENS)).toEqual({ type: "gone" });
  });

  it("doesn't take a session for gone whose runtime can't be started now", async () => {
    const host = world.host("older");
    const request = world.request();
    const session = await openOn(host, request);
    const observed = observe(session);
    await session.deliver("Do nothing.");
    await observed.next("idle");
    await session.detach();
    const state = join(world.directory, "states", request.taskId);
    renameSync(state, `${state}.away`);
    writeFileSync(state, "");
    expect(await host.attach(request, TOKENS)).toEqual({ type: "away", machine: "build-1" });
    rmSync(state);
    renameSync(`${state}.away`, state);
    const again = await host.attach(request, TOKENS);
    if (again.type !== "session") throw new TypeError(JSON.stringify(again));
    await again.session.detach();
    // A machine may be stopped in order as often as it likes: the session hasn't crashed.
    const record = join(world.directory, "sessions", `${request.taskId}.json`);
    expect(JSON.parse(readFileSync(record, "utf8"))).toMatchObject({ resumptions: 0 });
    await host.remove(request);
    expect(await host.attach(request, TOKENS)).toEqual({ type: "gone" });
  });

  it("ends a session that takes too much memory, and loses none of its commits", async () => {
    const host = world.host("older", { memory: 700 * 2 ** 20 });
    const request = world.request();
    const eat = "head -c 2G /dev/zero | tail -c 2G | sleep 60";
    world.missionControl.play({
      prompt: "Eat.",
      turns: [{ calls: [bash(`echo x >> README.md; git commit -qam Bite; ${eat}`)] }],
    });
    const session = await openOn(host, request);
    allowAll(session);
    await session.deliver("Eat.");
    await new Promise((resolve) => session.lost.addEventListener("abort", resolve));
    const came = await host.attach(request, TOKENS);
    expect(came).toMatchObject({
      type: "ended",
      failure: { code: "limit_exceeded", cause: "memory" },
    });
    expect(await host.push(request, "")).toMatchObject({ type: "pushed" });
    const branch = `copilot/fix-7-${request.taskId.slice(0, 8)}`;
    expect(git(world.remote, ["log", "--format=%s", branch])).toBe("Bite\nSay hello");
  });

  it("says which repository is too large for it", async () => {
    const request = world.request({ ids: { owner: 1, repository: 99 } });
    expect(await open(world.host("older", { disk: 1 }), request)).toMatchObject({
      type: "failed",
      failure: {
        code: "limit_exceeded",
        cause: "disk",
        message: expect.stringMatching(
          /^hosting-\w+\/remote: The repository is larger than 0 MB \(SELF_HOSTED_DISK_MB\)$/u,
        ),
        nothingCreated: true,
      },
    });
  });

  it("counts a session's time over all of its runtimes", async () => {
    const host = world.host("older", { time: 60_000 });
    const request = world.request();
    const begunAt = performance.now();
    const session = await openOn(host, request);
    const observed = observe(session);
    await session.deliver("Do nothing.");
    await observed.next("idle");
    await session.detach();
    const file = join(world.directory, "sessions", `${request.taskId}.json`);
    const record = z
      .looseObject({ ranMs: z.number() })
      .parse(JSON.parse(readFileSync(file, "utf8")));
    expect(record.ranMs).toBeGreaterThan(0);
    expect(record.ranMs).toBeLessThan(performance.now() - begunAt);
    // As if earlier runtimes of it had run for that long.
    writeFileSync(file, JSON.stringify({ ...record, ranMs: 58_000 }));
    const again = await host.attach(request, TOKENS);
    if (again.type !== "session") throw new TypeError(JSON.stringify(again));
    const isLost = () => again.session.lost.aborted;
    await expect.poll(isLost, { timeout: 20_000 }).toBe(true);
    const ended = { type: "ended", failure: { code: "limit_exceeded", cause: "time" } };
    expect(await host.attach(request, TOKENS)).toMatchObject(ended);
    // A machine that was killed right then hasn't noted why.
    writeFileSync(file, JSON.stringify({ ...record, ranMs: 60_000 }));
    expect(await host.attach(request, TOKENS)).toMatchObject(ended);
    await host.remove(request);
  });

  it("isn't kept waiting by a runtime that doesn't answer, and ends it", async () => {
    const request = world.request();
    const session = await openOn(world.host("older"), request);
    const [first] = processesWith(join(world.directory, "states", request.taskId));
    const all = await withChildren(Number(first));
    for (const id of all) process.kill(id, "SIGSTOP");
    const asked = [session.hosted.usage(), session.say("Hello?"), session.abort()];
    expect(await Promise.all(asked)).toEqual([null, "unconfirmed", "unconfirmed"]);
    await session.detach();
    const left = () => all.filter((id) => existsSync(`/proc/${id}`));
    await expect.poll(left, { timeout: 5_000 }).toEqual([]);
  });

  it("removes nothing of a task's next session with the one before it", async () => {
    const host = world.host("older");
    const before = world.request();
    await (await openOn(host, before)).detach();
    const next = { ...before, sessionId: randomUUID() };
    const session = await openOn(host, next);
    await host.remove(before);
    expect(await host.attach(before, TOKENS)).toEqual({ type: "gone" });
    expect(session.lost.aborted).toBe(false);
    await session.detach();
    await host.remove(before);
    const files = join(world.directory, "tasks", next.taskId, "workspace", "README.md");
    expect(existsSync(files)).toBe(true);
    await host.remove(next);
    expect(existsSync(files)).toBe(false);
  });

  it("keeps what a session leaves behind for a while, and then nothing", async () => {
    const host = world.host("older", { keepMs: 0 });
    const request = world.request();
    const session = await openOn(host, request);
    const files = [
      join(world.directory, "states", request.taskId),
      join(world.directory, "tasks", request.taskId),
      join(world.directory, "sessions", `${request.taskId}.json`),
    ];
    await host.sweep();
    expect(files.map((file) => existsSync(file))).toEqual([true, true, true]);
    await session.detach();
    await host.sweep();
    expect(files.map((file) => existsSync(file))).toEqual([false, false, false]);
    expect(await host.attach(request, TOKENS)).toEqual({ type: "gone" });
    expect(execFileSync("git", ["-C", world.remote, "for-each-ref"]).toString()).not.toContain(
      request.taskId.slice(0, 8),
    );
  });

  it("keeps nothing of a task that was erased, and ends its session", async () => {
    const host = world.host("older");
    const request = world.request();
    const session = await openOn(host, request);
    await host.sweep(() => Promise.resolve(true));
    expect(session.lost.aborted).toBe(false);
    await host.sweep((taskId) => Promise.resolve(taskId !== request.taskId));
    expect(session.lost.aborted).toBe(true);
    const left = execFileSync("find", [world.directory, "-name", `${request.taskId}*`]);
    expect(left.toString()).toBe("");
  });
});
