import { expect, test } from "vitest";
import type { Finding } from "../../src/core/doctor/finding.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import type { Check } from "../../src/doctor/examination.ts";
import { examine } from "../../src/doctor/examination.ts";
import type { RepositoryName } from "../../src/github/app-facts.ts";
import { withoutSecrets } from "../../src/doctor/secrets.ts";
import { about, HELLO, textOf, usePractice, WELL_STORED } from "./practice.ts";

const practice = usePractice();

const DEFECT: Check = {
  what: "it",
  look: () => Promise.reject(new TypeError("cannot read /home/bot/x")),
};

/** Lets one request hang, with more and more time for the others: how much they need depends on the machine. */
async function hanging(path: string, subject: RepositoryName | null, other: string) {
  for (let timeLimitMs = 500; ; timeLimitMs *= 2) {
    practice.github.failNext({ method: "GET", path }, "hang");
    const findings = await practice.examine(subject, { timeLimitMs });
    const isEnough = about(other, findings, practice).startsWith("ok ");
    const limit = `within ${timeLimitMs / 1_000} s.`;
    if (isEnough || timeLimitMs > 10_000) return { findings, limit };
  }
}

test("a check that takes too long is a finding, and the others are not kept waiting", async () => {
  const { findings, limit } = await hanging("/app/hook/config", null, "App events");

  const found = about("webhook settings", findings, practice).replace(limit, "within LIMIT.");
  expect(found).toMatchInlineSnapshot(`
    "failed webhook settings: No response within LIMIT.
      Check the network from the bot to this host: firewall, DNS, proxy."
  `);
  expect(about("App events", findings, practice)).toMatch(/^ok /u);
});

test("what was found stays found when what comes after it takes too long", async () => {
  const path = "/repos/octo-org/.github";
  const { findings, limit } = await hanging(path, HELLO, "installation");

  expect(about("installation", findings, practice)).toMatch(/^ok /u);
  expect(about("organization defaults", findings, practice)).toMatch(
    new RegExp(`^failed .*: No response ${limit}`, "u"),
  );
});

test("no request is retried: somebody waits", async () => {
  const before = practice.github.requests.length;
  practice.github.failNext({ method: "GET", path: "/app/hook/config" }, { status: 502 });
  const findings = await practice.examine(null);

  expect(about("webhook settings", findings, practice)).toMatch(
    /^failed .* GitHub responded with 502/u,
  );
  const asked = practice.github.requests
    .slice(before)
    .filter(({ path }) => path.includes("config"));
  expect(asked).toHaveLength(1);
});

test("everything that can be down is down", async () => {
  practice.github.failNext({ method: "GET", path: /./u }, "drop", 100);
  const COPILOT_MC_BASE_URL = "http://127.0.0.1:1";
  const findings = await practice.examine(HELLO, {
    variables: { COPILOT_MC_BASE_URL },
    store: { ...WELL_STORED, ping: () => Promise.reject(new Error("no")) },
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
    "Copilot account access",
    "Copilot runtime",
    "Mission Control",
    "database",
  ]);
});

test("only the administrator sees a defect in full, and it's logged", async () => {
  const logged: object[] = [];
  const log = { warn: (fields: object) => void logged.push(fields) };
  const conditions = { timeLimitMs: 1_000, log };
  const toAll = await examine(DEFECT, { ...conditions, audience: "thread" });
  const toOne = await examine(DEFECT, { ...conditions, audience: "administrator" });

  expect(textOf([...toAll, ...toOne], practice)).toMatchInlineSnapshot(`
    "failed it: This check failed: \`TypeError\`.
      See the bot's log: look for \`doctor check failed\`.
    failed it: This check failed: \`cannot read /home/bot/x\`.
      Fix what this says. If it doesn't help, report it as a bug."
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
