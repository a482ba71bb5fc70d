import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { hasCaddy } from "../caddy.ts";

describe.skipIf(!hasCaddy)("deploy/Caddyfile", () => {
  test("is understood by Caddy, which asks each bot whether it's ready", () => {
    const { stdout, stderr, status } = spawnSync(
      "caddy",
      ["adapt", "--config", "deploy/Caddyfile", "--adapter", "caddyfile"],
      {
        env: {
          ...process.env,
          BOT_DOMAIN: "bot.example.com",
          BOT_UPSTREAMS: "bot-1:3000 bot-2:3000",
        },
        encoding: "utf8",
      },
    );
    expect(stderr).not.toContain("rror");
    expect(status).toBe(0);
    expect(stdout).toContain('"match":[{"host":["bot.example.com"]}]');
    expect(stdout).toContain('"upstreams":[{"dial":"bot-1:3000"},{"dial":"bot-2:3000"}]');
    expect(stdout).toContain('"uri":"/readyz"');
  });
});
