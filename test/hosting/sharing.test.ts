import { describe, expect, it } from "vitest";
import type { LocalHost } from "../../src/hosting/local-host.ts";
import type { HostedRequest, HostedSession } from "../../src/ports/session-host.ts";
import { observe } from "../copilot/observed.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { openOn, TOKENS, useHostingWorld } from "./world.ts";

const world = useHostingWorld();

const terms = (sharing: HostedRequest["terms"]["sharing"]) => {
  return { labels: [], egress: [], sharing, push: "branch", checkout: [] } as const;
};

/** A session whose agent has said something: before that, a runtime keeps nothing of it. */
async function begun(host: LocalHost, request: HostedRequest): Promise<HostedSession> {
  const session = await openOn(host, request);
  const prompt = `Look at ${request.taskId}.`;
  world.missionControl.play({ prompt, turns: [{ says: "I've looked at it." }] });
  const seen = observe(session);
  expect(await session.deliver(prompt)).toBe("delivered");
  await seen.next("idle");
  return session;
}

/** The session, with another runtime. */
async function again(host: LocalHost, request: HostedRequest): Promise<HostedSession> {
  const attached = await host.attach(request, TOKENS);
  if (attached.type !== "session") throw new TypeError(JSON.stringify(attached));
  return attached.session;
}

describe.skipIf(!hasBubblewrap)("a session whose runtime is started again", () => {
  it("stays shared if people have shared it, until they end that", async () => {
    const host = world.host("older");
    const request = world.request({ terms: terms("on-demand") });
    const first = await begun(host, request);
    expect(first.hosted.shared).toBeNull();
    const shared = await first.hosted.share();
    expect(shared).toMatchObject({ type: "shared" });
    expect(first.hosted.shared).toEqual(shared);
    await first.detach();
    // A machine that comes back knows what was wanted at its start alone.
    const second = await again(world.host("older"), request);
    expect(second.hosted.shared).toMatchObject({ type: "shared" });
    expect(await second.hosted.unshare()).toBe(true);
    expect(second.hosted.shared).toBeNull();
    await second.detach();
    const third = await again(host, request);
    expect(third.hosted.shared).toBeNull();
    await third.detach();
  });

  it("isn't shared again if people have ended that, though the policy shares sessions from their start", async () => {
    const host = world.host("older");
    const request = world.request({ terms: terms("always") });
    const first = await begun(host, request);
    expect(first.hosted.shared).toMatchObject({ type: "shared" });
    await first.hosted.unshare();
    const second = await again(host, request);
    expect(second.hosted.shared).toBeNull();
    await second.detach();
  });
});
