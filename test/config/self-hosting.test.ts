import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEnvironment } from "../../src/config/environment.ts";
import { readSelfHosting, SELF_HOSTING_VARIABLES } from "../../src/config/self-hosting.ts";
import { problemsOf } from "./problems.ts";
import { REQUIRED } from "./required.ts";

const ON = { SELF_HOSTED: "on", SELF_HOSTED_REPOSITORIES: "octo-org/*" };

const USUAL = {
  repositories: ["octo-org/*"],
  only: [],
  egress: [],
  sessions: 2,
  limits: {
    memory: 2_147_483_648,
    processes: 512,
    disk: 5_368_709_120,
    freeDisk: 2_147_483_648,
    time: 14_400_000,
  },
  keepMs: 86_400_000,
  labels: [],
  isolation: "bubblewrap",
  sandboxUser: null,
};

function read(variables: Readonly<Record<string, string>>) {
  return readEnvironment({ ...REQUIRED, ...ON, ...variables }).selfHosting;
}

describe("sessions on one's own machines", () => {
  test.each([{}, { SELF_HOSTED: "off" }, { SELF_HOSTED: " OFF " }, { ...ON, SELF_HOSTED: "" }])(
    "are off: %j",
    (variables) => {
      expect(readEnvironment({ ...REQUIRED, ...variables }).selfHosting).toBeNull();
    },
  );

  test("have defaults for everything but the repositories", () => {
    expect(read({})).toEqual(USUAL);
    expect(read({ SELF_HOSTED: "ON", SELF_HOSTED_DISK_MB: " " })).toEqual(USUAL);
  });

  test("are as they're set", () => {
    const selfHosting = read({
      SELF_HOSTED_REPOSITORIES: "Octo-Org/Hello, octo-org/.github\nocto-org/hello,monalisa_corp/*",
      SELF_HOSTED_ONLY: "octo-org/HELLO monalisa_corp/secret",
      SELF_HOSTED_EGRESS: "Registry.Example.com *.example.org",
      SELF_HOSTED_SESSIONS: "4",
      SELF_HOSTED_MEMORY_MB: "1024",
      SELF_HOSTED_PROCESSES: "256",
      SELF_HOSTED_DISK_MB: "100",
      SELF_HOSTED_FREE_DISK_MB: "0",
      SELF_HOSTED_MINUTES: "30",
      SELF_HOSTED_KEEP_HOURS: "0",
      WORKER_LABELS: " GPU, linux-arm64 ,",
      ISOLATION: "none",
      SANDBOX_USER: "copilot",
    });
    expect(selfHosting).toEqual({
      repositories: ["octo-org/hello", "octo-org/.github", "monalisa_corp/*"],
      only: ["octo-org/hello", "monalisa_corp/secret"],
      egress: ["registry.example.com", "*.example.org"],
      sessions: 4,
      limits: {
        memory: 1_073_741_824,
        processes: 256,
        disk: 104_857_600,
        freeDisk: 0,
        time: 1_800_000,
      },
      keepMs: 0,
      labels: ["gpu", "linux-arm64"],
      isolation: "none",
      sandboxUser: { type: "name", name: "copilot" },
    });
  });

  test("have a user by its numbers", () => {
    expect(read({ SANDBOX_USER: "1001:100" })?.sandboxUser).toEqual({
      type: "ids",
      uid: 1_001,
      gid: 100,
    });
  });
});

const REPOSITORIES =
  "SELF_HOSTED_REPOSITORIES must be repositories, separated by commas, like octo-org/hello, or octo-org/* for all of an owner's";
const EGRESS =
  "SELF_HOSTED_EGRESS must be host names without https:// and port, separated by commas, like registry.example.com, or *.example.com for all names below it";
const LABELS =
  "WORKER_LABELS must be labels, separated by commas, each with 1 to 63 letters, digits, and `._-` only, like gpu,linux-arm64";
const USER =
  "SANDBOX_USER must be a user other than root: its name, like copilot, or its numbers, as uid:gid, like 1001:1001";

describe("a wrong value has a sentence, whether sessions are on or off", () => {
  test.each([
    ["SELF_HOSTED", "yes", "SELF_HOSTED must be on or off"],
    ["SELF_HOSTED_REPOSITORIES", "octo-org", REPOSITORIES],
    ["SELF_HOSTED_REPOSITORIES", "*", REPOSITORIES],
    ["SELF_HOSTED_REPOSITORIES", "*/*", REPOSITORIES],
    ["SELF_HOSTED_REPOSITORIES", "octo-org/hello*", REPOSITORIES],
    ["SELF_HOSTED_REPOSITORIES", "octo-org/..", REPOSITORIES],
    ["SELF_HOSTED_REPOSITORIES", "https://github.com/octo-org/hello", REPOSITORIES],
    ["SELF_HOSTED_ONLY", "*", REPOSITORIES.replace("REPOSITORIES", "ONLY")],
    ["SELF_HOSTED_EGRESS", "https://registry.example.com", EGRESS],
    ["SELF_HOSTED_EGRESS", "registry.example.com:443", EGRESS],
    ["SELF_HOSTED_EGRESS", "10.0.0.1", EGRESS],
    ["SELF_HOSTED_EGRESS", "*", EGRESS],
    ["SELF_HOSTED_SESSIONS", "-1", "SELF_HOSTED_SESSIONS must be at least 0"],
    ["SELF_HOSTED_SESSIONS", "2.5", "SELF_HOSTED_SESSIONS must be a whole number"],
    [
      "SELF_HOSTED_MEMORY_MB",
      "2 GB",
      "SELF_HOSTED_MEMORY_MB must be a whole number from 512 to 16777216",
    ],
    ["SELF_HOSTED_PROCESSES", "10", "SELF_HOSTED_PROCESSES must be at least 64"],
    ["SELF_HOSTED_DISK_MB", "1", "SELF_HOSTED_DISK_MB must be at least 64"],
    ["SELF_HOSTED_FREE_DISK_MB", "-1", "SELF_HOSTED_FREE_DISK_MB must be at least 0"],
    ["SELF_HOSTED_MINUTES", "1441", "SELF_HOSTED_MINUTES must be at most 1440"],
    ["SELF_HOSTED_KEEP_HOURS", "721", "SELF_HOSTED_KEEP_HOURS must be at most 720"],
    ["WORKER_LABELS", "gpu,_x", LABELS],
    ["WORKER_LABELS", "gpu, large box", LABELS],
    ["WORKER_LABELS", "x".repeat(64), LABELS],
    ["ISOLATION", "docker", "ISOLATION must be bubblewrap or none"],
    ["SANDBOX_USER", "root", USER],
    ["SANDBOX_USER", "0:0", USER],
    ["SANDBOX_USER", "1001:0", USER],
    ["SANDBOX_USER", "1001", USER],
    ["SANDBOX_USER", "a b", USER],
  ])("%s=%j", (name, value, sentence) => {
    expect(problemsOf({ ...REQUIRED, ...ON, [name]: value })).toEqual([sentence]);
    if (name === "SELF_HOSTED") return;
    expect(problemsOf({ ...REQUIRED, [name]: value })).toEqual([sentence]);
  });

  test.each(["", " , "])("on, without repositories: %j", (repositories) => {
    const variables = { SELF_HOSTED: "on", SELF_HOSTED_REPOSITORIES: repositories };
    expect(problemsOf({ ...REQUIRED, ...variables })).toEqual([
      "SELF_HOSTED_REPOSITORIES is not set. Set it to the repositories whose sessions may run on your own machines, separated by commas, like octo-org/hello, or octo-org/* for all of an owner's",
    ]);
  });

  test.each([
    [
      { SELF_HOSTED: "off" },
      "is set, but SELF_HOSTED is not on. Set SELF_HOSTED to on, or remove SELF_HOSTED_ONLY",
    ],
    [
      { SELF_HOSTED_REPOSITORIES: "octo-org/hello2, octo-org2/*" },
      "lists repositories that SELF_HOSTED_REPOSITORIES does not. Add them to SELF_HOSTED_REPOSITORIES, or remove them from SELF_HOSTED_ONLY",
    ],
  ])("keeps out of the cloud what may not run here: %j", (variables, sentence) => {
    const kept = { ...REQUIRED, ...ON, SELF_HOSTED_ONLY: "octo-org/hello", ...variables };
    expect(problemsOf(kept)).toEqual([`SELF_HOSTED_ONLY ${sentence}`]);
  });

  test.each([
    ["SELF_HOST_REPOSITORIES", "SELF_HOSTED_REPOSITORIES"],
    ["SELFHOSTED_MINUTES", "SELF_HOSTED_MINUTES"],
    ["WORKER_LABEL", "WORKER_LABELS"],
  ])("%s is %s, misspelled", (name, meant) => {
    const problems = problemsOf({ ...REQUIRED, ...ON, [name]: "x" });
    expect(problems).toEqual([`${name} is no setting. Did you mean ${meant}?`]);
  });
});

describe("a program without an App", () => {
  test("reads the same", () => {
    expect(readSelfHosting(ON)).toEqual({ type: "on", selfHosting: USUAL });
    expect(readSelfHosting({ APP_ID: "none" })).toEqual({ type: "off" });
  });

  test("gets limits or a sentence for each wrong setting, which never has the value", () => {
    const value = fc.oneof(fc.string(), fc.constantFrom("on", "none", "7", "a/b", "a.example"));
    const settings = fc.dictionary(fc.constantFrom(...SELF_HOSTING_VARIABLES), value);
    fc.assert(
      fc.property(settings, (variables) => {
        const result = readSelfHosting({ ...ON, ...variables });
        if (result.type === "on") {
          expect(Object.values(result.selfHosting.limits).every(Number.isSafeInteger)).toBe(true);
        }
        if (result.type !== "problems") return;
        for (const problem of result.problems) {
          const [name = ""] = problem.split(" ");
          expect(SELF_HOSTING_VARIABLES).toContain(name);
        }
        const marked = Object.entries(variables).map(([name, text]) => [name, `${text}\u{2603}`]);
        const again = readSelfHosting(Object.fromEntries(marked));
        expect(JSON.stringify(again)).not.toContain("\u{2603}");
      }),
    );
  });
});

test("this machine runs none only where others can", () => {
  const none = { ...REQUIRED, ...ON, SELF_HOSTED_SESSIONS: "0" };
  expect(problemsOf(none)).toEqual([
    "SELF_HOSTED_SESSIONS is 0, and without DATABASE_URL no other machine can run sessions. Set it to at least 1, or set DATABASE_URL and start a worker (docs/self-hosted.md)",
  ]);
  expect(read({ SELF_HOSTED_SESSIONS: "0", DATABASE_URL: "postgres://bot@db/bot" })).toMatchObject({
    sessions: 0,
  });
});
