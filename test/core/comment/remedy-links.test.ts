import { describe, expect, test } from "vitest";
import type { GitHubHosts } from "../../../src/core/github/hosts.ts";
import { GITHUB_COM, hostsOf } from "../../../src/core/github/hosts.ts";
import { explain } from "../../../src/core/comment/remedy.ts";
import { KINDS, ORGANIZATION, PERSON, UNKNOWN } from "./remedy-places.ts";

const RESIDENT = hostsOf({ GHE_HOST: "octocorp.ghe.com", GHE_PROTOCOL: "https" });
const SERVER = hostsOf({ GHE_HOST: "ghe.example.com", GHE_PROTOCOL: "https" });

function linksIn({ remedy }: { readonly remedy: string }): readonly string[] {
  return [...remedy.matchAll(/\]\((?<url>[^)]*)\)/gu)].map(({ groups }) => groups?.["url"] ?? "");
}

describe("links", () => {
  test.each(KINDS)("%s %s: never to an organization's settings for a person", (code, cause) => {
    for (const link of linksIn(explain(code, cause, PERSON))) {
      expect(link).not.toMatch(/\/organizations\/|\/orgs\//u);
    }
  });

  test.each(KINDS)("%s %s: to no settings of whom it isn't known what they are", (code, cause) => {
    for (const link of linksIn(explain(code, cause, UNKNOWN))) {
      expect(link).not.toMatch(/\/organizations\/|\/orgs\//u);
    }
  });

  test.each<[string, GitHubHosts]>([
    ["https://github.com", GITHUB_COM],
    ["https://octocorp.ghe.com", RESIDENT],
    ["https://ghe.example.com", SERVER],
  ])("are on %s, or show outages", (origin, hosts) => {
    for (const place of [ORGANIZATION, PERSON, UNKNOWN]) {
      const links = KINDS.flatMap(([code, cause]) =>
        linksIn(explain(code, cause, { ...place, hosts })),
      );
      const elsewhere = links.filter((link) => new URL(link).origin !== origin);
      expect(new Set(elsewhere)).toEqual(new Set(["https://www.githubstatus.com"]));
    }
  });

  test("to a Copilot account's settings are where the account is", () => {
    const hosts = hostsOf({
      GHE_HOST: "ghe.example.com",
      GHE_PROTOCOL: "https",
      COPILOT_GH_HOST: "octocorp.ghe.com",
    });
    expect(linksIn(explain("bad_credentials", null, { ...ORGANIZATION, hosts }))).toEqual([
      "https://octocorp.ghe.com/settings/personal-access-tokens",
    ]);
  });
});
