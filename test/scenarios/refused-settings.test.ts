import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { useWorld } from "./world.ts";

async function readiness(url: string): Promise<unknown> {
  return (await fetch(`${url}/readyz`)).json();
}

/** A bot that GitHub refuses never gets ready, so that it replaces none that works. */
describe("a token that GitHub refuses", () => {
  const world = useWorld({
    beforeStart(github) {
      const body = { message: "Sorry. Your account was suspended." };
      github.failNext({ method: "GET", path: "/user" }, { status: 403, body });
    },
  });

  it("keeps the bot from being ready", async () => {
    await vi.waitFor(
      async () =>
        expect(await readiness(world.app.url)).toMatchObject({
          ready: false,
          store: "ok",
          refused: ["COPILOT_GITHUB_TOKEN"],
        }),
      30_000,
    );
    expect(world.log.join("")).toContain("GitHub doesn't say whose COPILOT_GITHUB_TOKEN it is");
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
