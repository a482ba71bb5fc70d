import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GITHUB_COM, hostsOf } from "../../../src/core/github/hosts.ts";
import {
  documentedLink,
  sessionPlace,
  sessionsPage,
  trustedLink,
} from "../../../src/core/session/link.ts";
import { runs } from "../../runs.ts";

const ID = "5f9c2b1e-7c1d-4a55-8f43-3a1b8f0f6d21";
const RESIDENT = hostsOf({ GHE_HOST: "octocorp.ghe.com", GHE_PROTOCOL: "https" });
const SERVER = hostsOf({ GHE_HOST: "ghe.example.com:8443", GHE_PROTOCOL: "https" });

describe("where a session is found that reports no link", () => {
  test.each([
    [ID, ID],
    ["../settings?a#b", "..%2Fsettings%3Fa%23b"],
  ])("the session %s is at /copilot/tasks/%s", (sessionId, path) => {
    expect(documentedLink(GITHUB_COM, sessionId)).toBe(`https://github.com/copilot/tasks/${path}`);
  });

  test.each([
    [GITHUB_COM, "https://github.com"],
    [RESIDENT, "https://octocorp.ghe.com"],
    [SERVER, "https://ghe.example.com:8443"],
    [
      hostsOf({ GHE_PROTOCOL: "https", COPILOT_MC_FRONTEND_URL: "https://copilot.example/gh" }),
      "https://copilot.example/gh",
    ],
  ])("is on the configured host", (hosts, origin) => {
    expect(documentedLink(hosts, ID)).toBe(`${origin}/copilot/tasks/${ID}`);
    expect(sessionsPage(hosts)).toBe(`${origin}/copilot/agents`);
  });
});

const OTHERS = ["github.com", "evil.example", "javascript:", "\t", "\n", "\u200B", "。"];

describe("a link that a session reports", () => {
  test.each([
    "https://github.com/copilot/tasks/5f9c2b1e",
    "https://github.com/octo-org/hello/tasks/5f9c2b1e",
    "https://github.com/octo-org/hello/agents/5f9c2b1e?session=2#log",
    "https://GitHub.com/octo-org/hello",
    "https://github.com:443/octo-org/hello",
  ])("is shown: %s", (link) => {
    expect(trustedLink(link, GITHUB_COM)).toBe(URL.parse(link)?.href);
  });

  test.each<[why: string, ...links: string[]]>([
    ["another host", "https://evil.example/copilot/tasks/1", "https://githubcopilot.com/tasks/1"],
    ["GitHub in front of another host", "https://github.com.evil.example/copilot/tasks/1"],
    ["GitHub behind another host", "https://evil.example/https://github.com/copilot"],
    ["GitHub in another's name", "https://evil-github.com/a", "https://githubxcom/a"],
    ["a host below GitHub", "https://gist.github.com/a", "https://www.github.com/a"],
    ["pages of people on GitHub's hosts", "https://octocat.github.io/", "https://github.dev/a"],
    ["raw.githubusercontent.com", "https://raw.githubusercontent.com/o/r/main/x.html"],
    [
      "GitHub as user name",
      "https://github.com@evil.example/",
      "https://github.com%40evil.example",
    ],
    [
      "GitHub as password",
      "https://a:github.com@evil.example/",
      "https://github.com:1@evil.example/",
    ],
    ["a user name", "https://octocat@github.com/a", "https://octocat:x@github.com/a"],
    ["an empty user name", "https://@github.com/a", "https://:@github.com/a"],
    ["another port", "https://github.com:8443/a", "https://github.com:80/a"],
    ["a trailing dot", "https://github.com./a"],
    ["another protocol", "http://github.com/a", "ftp://github.com/a", "ws://github.com/a"],
    ["scripts and data", "javascript:alert(1)//github.com", "data:text/html,<script>1</script>"],
    ["files and blobs", "file://github.com/a", "blob:https://github.com/a", "vbscript:x"],
    ["letters that look alike", "https://gıthub.com/a", "https://githսb.com/a"],
    ["the same in punycode", "https://xn--gthub-n4a.com/a"],
    ["letters that are read as GitHub's", "https://ｇｉｔｈｕｂ.com/a", "https://github。com/a"],
    [
      "a soft hyphen and other invisible ones",
      "https://git\u00ADhub.com/a",
      "https://git\u200Bhub.com",
    ],
    [
      "backslashes",
      "https:\\\\github.com\\a",
      "https://github.com\\@evil.example/",
      "https:/\\github.com",
    ],
    [
      "too few or too many slashes",
      "https:github.com/a",
      "https:/github.com",
      "https:///github.com/a",
    ],
    [
      "line breaks and tabs",
      "https://git\nhub.com/a",
      "https://github.com\t/a",
      " https://github.com/a",
    ],
    ["no address", "", "github.com/a", "//github.com/a", "/copilot/tasks/1", "octocat"],
    ["numbers for hosts", "https://140.82.121.4/a", "https://2353199364/a", "https://[::1]/"],
    ["a token of GitHub's", `https://github.com/a?x=gho_${"a".repeat(36)}`],
    [
      "the same, hidden",
      `https://github.com/a?x=%67ho_${"a".repeat(36)}`,
      `https://github.com/ghs_${"a".repeat(36)}`,
    ],
    ["a JSON web token", "https://github.com/a#eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc"],
    [
      "parameters with secrets",
      "https://github.com/a?access_token=1",
      "https://github.com/a?code=1",
    ],
    [
      "secrets in the fragment",
      "https://github.com/a#id_token=1",
      "https://github.com/a#x=1&api_key=2",
    ],
    [
      "signing in",
      "https://github.com/login/oauth/authorize?client_id=1",
      "https://github.com/LOGIN",
    ],
    [
      "the same, hidden",
      "https://github.com/%6Cogin/device",
      "https://github.com//login",
      "https://github.com/a/../login",
    ],
    [
      "granting",
      "https://github.com/apps/evil/installations/new",
      "https://github.com/settings/keys",
      "https://github.com/codespaces/new?repo=1",
      "https://github.com/new/import",
      "https://github.com/join",
      "https://github.com/signup?return_to=x",
      "https://github.com/session",
      "https://github.com/sessions/two-factor",
    ],
    ["too long", `https://github.com/${"a".repeat(2_000)}`],
  ])("is not shown: %s", (_why, ...links) => {
    for (const link of links) expect([link, trustedLink(link, GITHUB_COM)]).toEqual([link, null]);
  });

  test("may be on the configured host, and on github.com", () => {
    const path = `/octo-org/hello/tasks/${ID}`;
    const shown = (hosts: typeof SERVER, ...origins: string[]) =>
      origins.filter((origin) => trustedLink(`${origin}${path}`, hosts) !== null);
    const all = [
      "https://github.com",
      "https://octocorp.ghe.com",
      "https://other.ghe.com",
      "https://api.octocorp.ghe.com",
      "https://ghe.com",
      "https://ghe.example.com:8443",
      "http://ghe.example.com:8443",
      "https://ghe.example.com",
    ];
    expect(shown(GITHUB_COM, ...all)).toEqual(["https://github.com"]);
    expect(shown(RESIDENT, ...all)).toEqual(["https://github.com", "https://octocorp.ghe.com"]);
    expect(shown(SERVER, ...all)).toEqual(["https://github.com", "https://ghe.example.com:8443"]);
  });

  test("may be on more hosts that the administrator names", () => {
    const hosts = hostsOf({
      GHE_PROTOCOL: "https",
      COPILOT_MC_FRONTEND_URL: "https://sessions.example/base",
      LINK_HOSTS: ["copilot.example.com", "ui.example.com:8443"],
    });
    const shown = [
      "https://sessions.example/a",
      "https://copilot.example.com/a",
      "https://ui.example.com:8443/a",
    ];
    for (const link of shown) expect(trustedLink(link, hosts)).toBe(link);
    const refused = [
      "http://copilot.example.com/a",
      "https://ui.example.com/a",
      "https://a.copilot.example.com/",
    ];
    for (const link of refused) expect(trustedLink(link, hosts)).toBeNull();
  });

  test("is on a trusted host, whatever is reported", () => {
    const part = fc.constantFrom(
      ..."https: // / \\ @ : . ? # %40 [ ] 443 a login".split(" "),
      ...OTHERS,
    );
    const pieces = fc.array(part, { maxLength: 12 }).map((all) => all.join(""));
    const reported = fc.oneof(
      pieces,
      pieces.map((rest) => `https://github.com${rest}`),
      fc.string({ unit: "binary" }).map((rest) => `https://github.com${rest}`),
    );
    fc.assert(
      fc.property(reported, (link) => {
        const trusted = trustedLink(link, GITHUB_COM);
        if (trusted === null) return;
        expect(trusted).toMatch(/^https:\/\/github\.com\/(?!\/*login(?:[/?#]|$))[^\s()<>`\\]*$/u);
        expect(link.toLowerCase()).toMatch(/^https:\/\/github\.com(?::443)?(?:[/?#]|$)/u);
      }),
      { numRuns: runs(300) },
    );
  });
});

describe("where a task's session is", () => {
  const link = { url: "https://github.com/o/r/tasks/1", source: "session" } as const;

  test("as the session reports it", () => {
    const place = { url: link.url, isGuess: false };
    expect(sessionPlace({ link, id: ID, hosting: null }, GITHUB_COM)).toEqual(place);
  });

  // A link may have been stored before hosts were checked, or a host is no longer configured.
  test("where it should be, when what was kept is not trusted", () => {
    const kept = { ...link, url: "https://evil.example/1" };
    const place = { url: `https://github.com/copilot/tasks/${ID}`, isGuess: true };
    expect(sessionPlace({ link: kept, id: ID, hosting: null }, GITHUB_COM)).toEqual(place);
    expect(sessionPlace({ link: kept, id: null, hosting: null }, GITHUB_COM)).toBeNull();
  });

  test("is not known before there is one", () => {
    expect(sessionPlace({ link: null, id: ID, hosting: null }, GITHUB_COM)).toBeNull();
  });
});
