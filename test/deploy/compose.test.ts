import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { addedBy } from "./dockerfile.ts";
import { settingNames } from "./settings.ts";

/** The Compose specification's own schema, of https://github.com/compose-spec/compose-spec (170098b). */
const SCHEMA = "test/fixtures/compose/compose-spec.json";
const FILES = ["deploy/compose.yaml", "deploy/compose.replicas.yaml"];

const bind = z.object({ type: z.literal("bind"), source: z.string(), target: z.string() });
const service = z.object({
  build: z.string().optional(),
  env_file: z.string().optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.union([z.string(), bind])).default([]),
  read_only: z.boolean().optional(),
  stop_grace_period: z.string().optional(),
});
const file = z.object({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
});

function composeIn(path: string): z.output<typeof file> {
  return file.parse(parse(readFileSync(path, "utf8")));
}

/** The services that run the bot. */
function botsIn(path: string): readonly (readonly [string, z.output<typeof service>])[] {
  return Object.entries(composeIn(path).services).filter(([, { build }]) => build !== undefined);
}

/** What isn't as the Compose specification says. */
function problemsOf(text: string) {
  const { $schema: _old, ...schema } = z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(readFileSync(SCHEMA, "utf8")));
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  return validate(parse(text)) ? [] : validate.errors;
}

const forSessions = z.object({
  services: z.object({
    bot: z.strictObject({
      build: z.strictObject({ target: z.string() }),
      image: z.string(),
      environment: z.record(z.string(), z.string()),
      security_opt: z.array(z.string()),
    }),
  }),
});

test("what a bot with sessions needs besides is as the specification says, and refers to what's there", () => {
  const text = readFileSync("deploy/compose.self-hosted.yaml", "utf8");
  expect(problemsOf(text)).toEqual([]);
  const { bot } = forSessions.parse(parse(text)).services;
  expect(composeIn("deploy/compose.yaml").services["bot"]).toBeDefined();
  expect(addedBy(bot.build.target).packages).toContain("bubblewrap");
  expect([...settingNames()]).toEqual(expect.arrayContaining(Object.keys(bot.environment)));
  const documented = readFileSync("docs/self-hosted.md", "utf8");
  for (const option of bot.security_opt) expect(documented).toContain(`--security-opt ${option}`);
});

describe.each(FILES)("%s", (path) => {
  const text = readFileSync(path, "utf8");

  test("is as the Compose specification says", () => {
    expect(problemsOf(text)).toEqual([]);
  });

  test("refers to what's there", () => {
    const { services, volumes } = composeIn(path);
    const own = Object.keys(volumes);
    for (const { build, volumes: mounted } of Object.values(services)) {
      if (build !== undefined)
        expect(existsSync(join(dirname(path), build, "Dockerfile"))).toBe(true);
      const names = mounted.filter((one) => typeof one === "string");
      for (const source of names.map((one) => one.split(":")[0] ?? "")) {
        const isThere = source.startsWith(".")
          ? existsSync(join(dirname(path), source))
          : own.includes(source);
        expect(isThere, source).toBe(true);
      }
    }
  });

  test("gives the bot settings that exist, time to stop, and nothing to write but its data", () => {
    const bots = botsIn(path);
    expect(bots.length).toBeGreaterThan(0);
    for (const [, bot] of bots) {
      expect([...settingNames()]).toEqual(expect.arrayContaining(Object.keys(bot.environment)));
      // script/register writes it beside .env, with this name.
      expect(bot.volumes).toContainEqual({
        type: "bind",
        source: "../private-key.pem",
        target: bot.environment["PRIVATE_KEY_PATH"],
      });
      expect(bot).toMatchObject({ env_file: "../.env", read_only: true, stop_grace_period: "30s" });
    }
  });

  test("opens no port but the proxy's, which knows every bot", () => {
    const { services } = composeIn(path);
    const open = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(open.map(([name]) => name)).toEqual(["caddy"]);
    const upstreams = botsIn(path).map(([name]) => `${name}:3000`);
    expect(services["caddy"]?.environment["BOT_UPSTREAMS"]).toBe(upstreams.join(" "));
  });

  test("its variables are documented", () => {
    const names = [...text.matchAll(/\$\{(?<name>\w+):\?/gu)].map(({ groups }) => groups?.["name"]);
    const documented = readFileSync("docs/deployment.md", "utf8");
    for (const name of names) expect(documented).toContain(`${name}=`);
    expect(names).toContain("BOT_DOMAIN");
  });
});
