import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  readEnvironment,
  restBaseUrl,
  webOrigin,
  WrongEnvironment,
} from "../../src/config/environment.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const REQUIRED = {
  APP_ID: "4711",
  PRIVATE_KEY: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
  WEBHOOK_SECRET: "b2f8c1d94e6a7f30",
  COPILOT_GITHUB_TOKEN: "github_pat_11ABC",
};

type Variables = Readonly<Record<string, string>>;

/** The problems. */
function problemsOf(variables: Variables): string[] {
  try {
    readEnvironment({ ...REQUIRED, ...variables });
    return [];
  } catch (error) {
    if (!(error instanceof WrongEnvironment)) throw error;
    const lines = error.message.split("\n").filter((line) => line.startsWith("  "));
    return lines.map((line) => line.trim().replace(/\.$/u, ""));
  }
}

function copilotHostWith(variables: Variables): string | undefined {
  return readEnvironment({ ...REQUIRED, ...variables }).COPILOT_GH_HOST;
}

describe("where GitHub is", () => {
  test.each([
    [{}, "https://github.com", "https://api.github.com"],
    [{ GHE_HOST: "ghe.example.com" }, "https://ghe.example.com", "https://ghe.example.com/api/v3"],
    [{ GHE_HOST: "github.com" }, "https://github.com", "https://api.github.com"],
    [{ GHE_HOST: "OctoCorp.GHE.com" }, "https://octocorp.ghe.com", "https://api.octocorp.ghe.com"],
    [{ GHE_HOST: "GHE.Example.com" }, "https://ghe.example.com", "https://ghe.example.com/api/v3"],
    [
      { GHE_HOST: "127.0.0.1:4000", GHE_PROTOCOL: "http" },
      "http://127.0.0.1:4000",
      "http://127.0.0.1:4000/api/v3",
    ],
  ])("with %j: %s and %s", (variables, origin, api) => {
    const environment = readEnvironment({ ...REQUIRED, ...variables });
    expect(webOrigin(environment)).toBe(origin);
    expect(restBaseUrl(environment)).toBe(api);
  });

  test("with data residency the runtime looks Copilot accounts up there", () => {
    expect(copilotHostWith({ GHE_HOST: "octocorp.ghe.com" })).toBe("octocorp.ghe.com");
    expect(copilotHostWith({ GHE_HOST: "ghe.example.com" })).toBeUndefined();
    expect(copilotHostWith({})).toBeUndefined();
    const server = { GHE_HOST: "ghe.example.com", COPILOT_GH_HOST: "octocorp.ghe.com" };
    expect(copilotHostWith(server)).toBe("octocorp.ghe.com");
  });

  test.each<[Record<string, string>, string]>([
    [
      { GHE_HOST: "api.octocorp.ghe.com" },
      "GHE_HOST must be the address where people use GitHub, octocorp.ghe.com, not one of its services. The bot finds the API itself",
    ],
    [
      { GHE_HOST: "copilot-api.octocorp.ghe.com" },
      "GHE_HOST must be the address where people use GitHub, octocorp.ghe.com, not one of its services. The bot finds the API itself",
    ],
    [
      { GHE_HOST: "ghe.com" },
      "GHE_HOST must include your enterprise's subdomain, like octocorp.ghe.com",
    ],
    [{ GHE_HOST: "octocorp.ghe.com:8443" }, "GHE_HOST must not have a port: use octocorp.ghe.com"],
    [
      { GHE_HOST: "octocorp.ghe.com", GHE_PROTOCOL: "http" },
      "GHE_HOST is on GHE.com, which needs HTTPS: set GHE_PROTOCOL to https",
    ],
    [{ GHE_HOST: "octocorp.ghe.com." }, "GHE_HOST must not end with a dot"],
    [
      { GHE_HOST: "api.github.com" },
      "GHE_HOST must not be part of github.com. Leave it empty to use github.com",
    ],
    [
      { GHE_HOST: "www.github.com" },
      "GHE_HOST must not be part of github.com. Leave it empty to use github.com",
    ],
    [
      { GHE_HOST: "https://octocorp.ghe.com" },
      "GHE_HOST must be a host name without https://, like ghe.example.com",
    ],
    [
      { COPILOT_GH_HOST: "octocorp.ghe.com" },
      "COPILOT_GH_HOST must be github.com, where your repositories are. Leave it empty to use that",
    ],
    [
      { GHE_HOST: "octocorp.ghe.com", COPILOT_GH_HOST: "github.com" },
      "COPILOT_GH_HOST must be octocorp.ghe.com, where your repositories are. Leave it empty to use that",
    ],
    [
      { GHE_HOST: "ghe.example.com", COPILOT_GH_HOST: "ghe.example.com" },
      "COPILOT_GH_HOST must be github.com or your enterprise's subdomain of GHE.com, where Copilot accounts are",
    ],
    [
      { GHE_HOST: "ghe.example.com", COPILOT_GH_HOST: "api.octocorp.ghe.com" },
      "COPILOT_GH_HOST must be the address where people use GitHub, octocorp.ghe.com, not one of its services. The bot finds the API itself",
    ],
    [
      { COPILOT_MC_FRONTEND_URL: "sessions.example.com" },
      "COPILOT_MC_FRONTEND_URL must be a URL that begins with http:// or https://",
    ],
    ...["https://a.example", "a.example/path", "user@a.example", "*.example", "a b.example/"].map(
      (LINK_HOSTS): [Record<string, string>, string] => [
        { LINK_HOSTS },
        "LINK_HOSTS must be host names without https://, separated by commas, like copilot.example.com",
      ],
    ),
  ])("refuses %j", (variables, problem) => {
    expect(problemsOf(variables)).toEqual([problem]);
  });

  test("takes more hosts for links", () => {
    const LINK_HOSTS = " Copilot.Example.com, ui.example.com:8443 other.example,";
    const environment = readEnvironment({ ...REQUIRED, LINK_HOSTS });
    expect(environment.LINK_HOSTS).toEqual([
      "copilot.example.com",
      "ui.example.com:8443",
      "other.example",
    ]);
  });
});
