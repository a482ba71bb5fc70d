import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { hello } from "../../sandbox/github/seed.ts";
import { botComments, useWorld } from "./world.ts";

async function readiness(url: string): Promise<unknown> {
  return (await fetch(`${url}/readyz`)).json();
}

/** A bot that GitHub refuses never gets ready, so that it replaces none that works. */
describe("a token that GitHub refuses", () => {
  const world = useWorld({
    timeouts: { recoverEveryMs: 100, recoverPauseMs: 10 },
    beforeStart(github) {
      const body = { message: "Sorry. Your account was suspended." };
      // It's asked again every five seconds.
      github.failNext({ method: "GET", path: "/user" }, { status: 403, body }, 100);
    },
  });

  const isRefused = () =>
    vi.waitFor(
      async () =>
        expect(await readiness(world.app.url)).toMatchObject({
          ready: false,
          store: "ok",
          refused: ["COPILOT_GITHUB_TOKEN"],
        }),
      30_000,
    );

  it("keeps the bot from being ready", async () => {
    await isRefused();
    expect(world.log.join("")).toContain("GitHub doesn't say whose COPILOT_GITHUB_TOKEN it is");
  });

  it("and missed webhooks aren't requested while nobody can send them", async () => {
    // Until the bot knows that, it asks for missed webhooks.
    await isRefused();
    const octocat = world.github.as("octocat");
    world.github.loseNext({ event: "issues", action: "labeled" });
    const issue = await octocat.openIssue(hello, { title: "Missed", body: "" });
    await octocat.label(issue, "copilot:triage");
    const rounds = () =>
      world.github.requests.filter(({ path }) => path.startsWith("/app/hook/deliveries")).length;
    // Two other webhooks go the whole way meanwhile, each of which takes some rounds' time. In the first, what had begun
    // before the bot knew ends.
    await octocat.comment(issue, "/copilot help");
    await botComments(world, issue);
    const before = rounds();
    const other = await octocat.openIssue(hello, { title: "Not missed", body: "" });
    await octocat.comment(other, "/copilot help");
    await botComments(world, other);
    expect(rounds()).toBe(before);
  });
});

describe("a key of another App", () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const PRIVATE_KEY = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  const world = useWorld({ variables: { PRIVATE_KEY } });

  it("keeps the bot from being ready", async () => {
    await vi.waitFor(
      async () =>
        expect(await readiness(world.app.url)).toMatchObject({
          ready: false,
          refused: ["APP_ID, PRIVATE_KEY"],
        }),
      30_000,
    );
    expect(world.log.join("")).toContain("GitHub refuses the App's key");
  });
});
