import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { HostSettings } from "../../../src/core/github/hosts.ts";
import { hostsOf, problemOfHost, withPages } from "../../../src/core/github/hosts.ts";
import { documentedLink, sessionsPage, trustedLink } from "../../../src/core/session/link.ts";

const of = (settings: Partial<HostSettings>) => hostsOf({ GHE_PROTOCOL: "https", ...settings });

describe("the addresses of", () => {
  test("github.com", () => {
    expect(of({})).toMatchInlineSnapshot(`
      {
        "accountApi": "https://api.github.com",
        "accountPages": "https://github.com",
        "accounts": "https://github.com",
        "connect": null,
        "copilotApi": "https://api.githubcopilot.com",
        "kind": "cloud",
        "linkOrigins": [
          "https://github.com",
        ],
        "publicUrl": null,
        "rest": "https://api.github.com",
        "sessions": {
          "beforeId": "https://github.com/copilot/tasks/",
          "list": "https://github.com/copilot/agents",
        },
        "web": "https://github.com",
      }
    `);
  });
  test("github.com, named", () => {
    expect(of({ GHE_HOST: "github.com" })).toEqual(of({}));
  });
  test("an enterprise with data residency", () => {
    expect(of({ GHE_HOST: "octocorp.ghe.com" })).toMatchInlineSnapshot(`
      {
        "accountApi": "https://api.octocorp.ghe.com",
        "accountPages": "https://octocorp.ghe.com",
        "accounts": "https://octocorp.ghe.com",
        "connect": null,
        "copilotApi": "https://api.githubcopilot.com",
        "kind": "residency",
        "linkOrigins": [
          "https://octocorp.ghe.com",
          "https://github.com",
        ],
        "publicUrl": null,
        "rest": "https://api.octocorp.ghe.com",
        "sessions": {
          "beforeId": "https://octocorp.ghe.com/copilot/tasks/",
          "list": "https://octocorp.ghe.com/copilot/agents",
        },
        "web": "https://octocorp.ghe.com",
      }
    `);
  });
  test("an Enterprise Server", () => {
    expect(of({ GHE_HOST: "ghe.example.com" })).toMatchInlineSnapshot(`
      {
        "accountApi": "https://api.github.com",
        "accountPages": "https://ghe.example.com",
        "accounts": "https://github.com",
        "connect": null,
        "copilotApi": "https://api.githubcopilot.com",
        "kind": "server",
        "linkOrigins": [
          "https://ghe.example.com",
          "https://github.com",
        ],
        "publicUrl": null,
        "rest": "https://ghe.example.com/api/v3",
        "sessions": {
          "beforeId": "https://ghe.example.com/copilot/tasks/",
          "list": "https://ghe.example.com/copilot/agents",
        },
        "web": "https://ghe.example.com",
      }
    `);
  });
  test("an Enterprise Server whose people have their Copilot at GHE.com", () => {
    const settings = { GHE_HOST: "ghe.example.com", COPILOT_GH_HOST: "octocorp.ghe.com" };
    expect(of(settings)).toMatchInlineSnapshot(`
      {
        "accountApi": "https://api.octocorp.ghe.com",
        "accountPages": "https://octocorp.ghe.com",
        "accounts": "https://octocorp.ghe.com",
        "connect": null,
        "copilotApi": "https://api.githubcopilot.com",
        "kind": "server",
        "linkOrigins": [
          "https://ghe.example.com",
          "https://octocorp.ghe.com",
          "https://github.com",
        ],
        "publicUrl": null,
        "rest": "https://ghe.example.com/api/v3",
        "sessions": {
          "beforeId": "https://octocorp.ghe.com/copilot/tasks/",
          "list": "https://octocorp.ghe.com/copilot/agents",
        },
        "web": "https://ghe.example.com",
      }
    `);
  });
});

test.each(["octocorp.ghe.com", "ghe.example.com", "127.0.0.1:4000", "github.com", "notghe.com"])(
  "%s can be the host",
  (host) => {
    expect(problemOfHost(host, "https")).toBeNull();
  },
);

test("sessions are shown where what runs them shows them, and links to there are trusted", () => {
  const pages = {
    beforeId: "https://agents.example.com/runs/",
    list: "https://agents.example.com/runs",
  };
  const hosts = withPages(of({}), pages);
  expect(documentedLink(hosts, "5f9c")).toBe("https://agents.example.com/runs/5f9c");
  expect(sessionsPage(hosts)).toBe(pages.list);
  expect(trustedLink(documentedLink(hosts, "5f9c"), hosts)).not.toBeNull();
  expect(trustedLink(documentedLink(hosts, "5f9c"), of({}))).toBeNull();
});

// What a comment links to, and whom the bot asks, is decided in one place.
describe("no other file of src names a host of GitHub's", () => {
  const HOST = /(?:github|githubcopilot|githubstatus|ghe|githubusercontent)\.(?:com|dev|io)\b/u;
  const files = globSync("src/**/*.ts").filter((file) => !file.endsWith("core/github/hosts.ts"));

  test.each(files)("%s", (file) => {
    const code = readFileSync(file, "utf8")
      .replaceAll(/\/\*[\s\S]*?\*\//gu, "")
      .replaceAll(/^\s*\/\/.*$/gmu, "")
      // It names a format, and nobody is asked there.
      .replaceAll("https://git-lfs.github.com/spec/v1", "");
    const lines = code.split("\n").filter((line) => HOST.test(line));
    expect(lines).toEqual([]);
  });
});
