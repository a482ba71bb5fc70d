import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Environment } from "../src/config/environment.ts";
import { readEnvironment, restBaseUrl, WrongEnvironment } from "../src/config/environment.ts";
import { canCreateCloudSessions, createClient } from "../src/copilot/client.ts";
import { createRuntime } from "../src/copilot/runtime.ts";
import type { Finding } from "../src/core/finding.ts";
import { createDoctor } from "../src/doctor.ts";
import { examineLock, openFromOutside } from "../src/doctor/store.ts";
import { createGitHubApp } from "../src/github/app.ts";
import type { RepositoryName } from "../src/github/checkup.ts";
import { createLog } from "../src/logging.ts";

const HELP = `Usage: script/doctor [--repository OWNER/NAME] [--json]

Looks at all that the bot needs: its settings, the GitHub App, the Copilot account, the Copilot runtime,
Mission Control, the database. Creates no session and changes nothing.

  --repository OWNER/NAME  also looks at what the bot may do in this repository
  --json                   prints {"findings": [{"level", "what", "found", "cure"}, …]}
  --help                   prints this

Exits with 0 when nothing failed, 1 when something did, 78 when a setting is wrong.`;

/** As in sysexits.h. */
const EX_USAGE = 64;
const EX_CONFIG = 78;

interface Wishes {
  readonly subject: RepositoryName | null;
  readonly json: boolean;
}

function readWishes(): Wishes | "help" {
  const { values } = parseArgs({
    options: {
      repository: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  const { repository, json } = values;
  if (repository === undefined) return { subject: null, json };
  const [, owner, name] = /^([A-Za-z0-9][\w-]*)\/([\w.-]+)$/u.exec(repository) ?? [];
  if (owner === undefined || name === undefined) {
    throw new TypeError(`${JSON.stringify(repository)} is no repository, as octo-org/hello is one`);
  }
  return { subject: { owner, repository: name }, json };
}

/** What is wrong with the environment: each sentence tells the cure itself. */
function findingsOf({ message }: WrongEnvironment): Finding[] {
  const problems = message.split("\n").filter((line) => line.startsWith("  "));
  const cure = "The administrator of the bot sets it right; .env.example explains it.";
  return problems.map((problem) => {
    return { level: "failed", what: "environment", found: problem.trim(), cure };
  });
}

async function examine(environment: Environment, subject: RepositoryName | null) {
  const { APP_ID, PRIVATE_KEY, DATA_DIR, DATABASE_URL } = environment;
  const variables = { ...process.env, ...environment };
  const log = createLog("silent");
  // The bot's own directory may be in use.
  const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-doctor-"));
  const runtime = createRuntime({
    create: () => createClient({ directory, variables }),
    probe: canCreateCloudSessions,
    log,
  });
  try {
    // It has a time limit of its own, which is longer than that of a check.
    const started = runtime.running();
    await started.catch(() => null);
    const doctor = createDoctor({
      environment,
      variables,
      github: await createGitHubApp(
        {
          appId: APP_ID,
          privateKey: PRIVATE_KEY,
          baseUrl: restBaseUrl(environment),
        },
        log,
      ),
      runtime: { running: () => started, status: () => runtime.status() },
      store: openFromOutside(DATABASE_URL, DATA_DIR),
      audience: "administrator",
      log,
    });
    const complete: Finding = {
      level: "ok",
      what: "environment",
      found: "Every setting has the form it must have.",
      cure: null,
    };
    return [complete, ...(await doctor(subject)), examineLock(DATA_DIR)];
  } finally {
    await runtime.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function told(findings: readonly Finding[], { json }: Wishes): string {
  if (json) return JSON.stringify({ findings }, null, 2);
  const lines = findings.flatMap(({ level, what, found, cure }) => {
    const line = `${level.padEnd(8)} ${what}: ${found}`;
    return cure === null ? [line] : [line, `${" ".repeat(9)}${cure}`];
  });
  return lines.join("\n");
}

/** Requests that nobody waits for any more must not keep the process alive. */
function leave(code: number, output: string): void {
  process.stdout.write(`${output}\n`, () => process.exit(code));
}

async function main(): Promise<void> {
  let wishes: Wishes | "help";
  try {
    wishes = readWishes();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    console.error("\n" + HELP);
    process.exitCode = EX_USAGE;
    return;
  }
  if (wishes === "help") {
    console.log(HELP);
    return;
  }
  try {
    const environment = readEnvironment(process.env);
    const findings = await examine(environment, wishes.subject);
    const failed = findings.some(({ level }) => level === "failed");
    leave(failed ? 1 : 0, told(findings, wishes));
  } catch (error) {
    if (!(error instanceof WrongEnvironment)) throw error;
    leave(EX_CONFIG, told(findingsOf(error), wishes));
  }
}

await main();
