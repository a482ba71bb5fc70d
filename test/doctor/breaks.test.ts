import { expect, test } from "vitest";
import type { Finding } from "../../src/core/finding.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import type { Check } from "../../src/doctor/examination.ts";
import { examine } from "../../src/doctor/examination.ts";
import { withoutSecrets } from "../../src/doctor/secrets.ts";
import { about, HELLO, told, usePractice } from "./practice.ts";

const practice = usePractice();

const DEFECT: Check = {
  what: "it",
  look: () => Promise.reject(new TypeError("cannot read /home/bot/x")),
};

test("a check that takes too long is a finding, and the others are not kept waiting", async () => {
  practice.github.failNext({ method: "GET", path: "/app/hook/config" }, "hang");
  const findings = await practice.examine(null, { timeLimitMs: 1_000 });

  expect(about("webhook settings", findings, practice)).toMatchInlineSnapshot(`
    "failed webhook settings: There was no answer within 1 s.
      The administrator of the bot looks at the network between the bot and this host: firewall, name server, proxy."
  `);
  expect(about("events of the App", findings, practice)).toMatch(/^ok /u);
});

test("what was found stays found when what comes after it takes too long", async () => {
  practice.github.failNext({ method: "GET", path: "/repos/octo-org/.github" }, "hang");
  const findings = await practice.examine(HELLO, { timeLimitMs: 2_000 });

  expect(about("installation", findings, practice)).toMatch(/^ok /u);
  expect(about("defaults of the organisation", findings, practice)).toMatch(
    /^failed .*: There was no answer within 2 s\./u,
  );
});

test("nothing is asked again by itself: somebody waits", async () => {
  const before = practice.github.requests.length;
  practice.github.failNext({ method: "GET", path: "/app/hook/config" }, { status: 502 });
  const findings = await practice.examine(null);

  expect(about("webhook settings", findings, practice)).toMatch(/^failed .* answered 502/u);
  const asked = practice.github.requests
    .slice(before)
    .filter(({ path }) => path.includes("config"));
  expect(asked).toHaveLength(1);
});

test("all that can be away is away", async () => {
  practice.github.failNext({ method: "GET", path: /./u }, "drop", 100);
  const COPILOT_MC_BASE_URL = "http://127.0.0.1:1";
  const findings = await practice.examine(HELLO, {
    variables: { COPILOT_MC_BASE_URL },
    store: { ping: () => Promise.reject(new Error("no")) },
    runtime: {
      running: () => Promise.reject(new Error("no")),
      status: () => ({ state: "unavailable", version: null, cloudSessions: null }),
    },
  });

  const failures = findings.filter(({ level }) => level === "failed").map(({ what }) => what);
  expect(failures).toEqual([
    "App",
    "clock",
    "Copilot account",
    "Copilot account's access",
    "Copilot runtime",
    "Mission Control",
    "database",
  ]);
});

test("a defect is told in full to the administrator alone, and logged", async () => {
  const logged: object[] = [];
  const log = { warn: (fields: object) => void logged.push(fields) };
  const conditions = { timeLimitMs: 1_000, log };
  const toAll = await examine(DEFECT, { ...conditions, audience: "thread" });
  const toOne = await examine(DEFECT, { ...conditions, audience: "administrator" });

  expect(told([...toAll, ...toOne], practice)).toMatchInlineSnapshot(`
    "failed it: This could not be looked at: \`TypeError\`.
      The administrator of the bot finds the reason in the log, in the line \`a check of the doctor's broke\`.
    failed it: This could not be looked at: \`cannot read /home/bot/x\`.
      The administrator of the bot mends what this says; where it says nothing, it is a defect of the bot."
  `);
  const err = { message: "cannot read /home/bot/x" };
  expect(logged).toMatchObject([
    { what: "it", err },
    { what: "it", err },
  ]);
});

test("a token that no header can hold is in no error's words", async () => {
  const COPILOT_GITHUB_TOKEN = "gho_0123456789abcdef\n0123456789abcdef";
  const findings = await practice.examine(HELLO, { variables: { COPILOT_GITHUB_TOKEN } });

  expect(about("Copilot account", findings, practice)).toMatch(/^failed /u);
  expect(about("Mission Control", findings, practice)).toMatch(/^failed /u);
  expect(JSON.stringify([findings, practice.log])).not.toContain("0123456789abcdef");
});

test("secrets that nobody has thought of are taken out", () => {
  const environment = readEnvironment({ ...practice.variables, WEBHOOK_SECRET: "hook-secret" });
  const { COPILOT_GITHUB_TOKEN, PRIVATE_KEY } = environment;
  const [, line = ""] = PRIVATE_KEY.split("\n");
  const words = `${COPILOT_GITHUB_TOKEN} hook-secret ${line} ghs_16C7e42F292c6912 eyJhbGci.eyJpYXQi.Gn-q_A ghost`;
  const finding: Finding = { level: "failed", what: "it", found: words, cure: words };

  expect(withoutSecrets(environment)(finding)).toEqual({
    ...finding,
    found: "… … … … … ghost",
    cure: "… … … … … ghost",
  });
});
