import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../src/config/environment.ts";
import { readEnvironment, restBaseUrl, WrongEnvironment } from "../src/config/environment.ts";
import { renamedVariables } from "../src/config/renamed.ts";
import type { Finding } from "../src/core/doctor/finding.ts";
import { createDoctor } from "../src/doctor/doctor.ts";
import { examineLock, openFromOutside } from "../src/doctor/store.ts";
import { createGitHubApp } from "../src/github/app.ts";
import type { RepositoryName } from "../src/github/app-facts.ts";
import { createBackend } from "../src/app/backends.ts";
import { createLog } from "../src/app/logging.ts";
import { useProxy } from "../src/app/proxy.ts";
import {
  EX_CONFIG,
  exitCodeOf,
  findingsOf,
  leave,
  printed,
  VALID_SETTINGS,
} from "./lib/findings.ts";
import { checked, program } from "./lib/program.ts";
import { repositoryName } from "./lib/values.ts";

const options = program(
  "script/doctor",
  "Checks everything that the bot needs: its settings, the GitHub App, the Copilot account, the Copilot runtime, Mission Control, and the database. Creates no session and changes nothing.",
)
  .option(
    "--repository <owner/name>",
    "also check what the bot may do in this repository",
    checked(repositoryName),
  )
  .option("--json", 'print {"findings": [{"level", "what", "found", "cure"}, …]}')
  .addHelpText(
    "after",
    "\nExit codes: 0 nothing failed, 1 something did, 64 wrong option or argument, 78 a setting is wrong.",
  )
  .parse()
  .opts();
const isJson = options.json === true;

/** All settings are valid. Some may be set by an old name. */
function judgeEnvironment(): Finding[] {
  const what = "environment";
  const renamed = renamedVariables(process.env).map(({ old, now, isIgnored }): Finding => {
    const effect = isIgnored
      ? `${now} is set too, so ${old} is ignored.`
      : "The old name still works.";
    const cure = isIgnored ? "Remove the old one from `.env`." : "Rename it in `.env`.";
    return { level: "warning", what, found: `${old} is now called ${now}. ${effect}`, cure };
  });
  return [VALID_SETTINGS, ...renamed];
}

async function examine(environment: Environment, subject: RepositoryName | null) {
  const { APP_ID, PRIVATE_KEY, DATA_DIR, DATABASE_URL } = environment;
  const variables = { ...process.env, ...environment };
  const log = createLog("silent");
  // The bot's own directory may be in use.
  const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-doctor-"));
  const backend = createBackend({ environment, variables: process.env, directory, log });
  try {
    // It has a time limit of its own, which is longer than that of a check.
    const started = backend.running();
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
      backend: { ...backend, running: () => started },
      store: openFromOutside(DATABASE_URL, DATA_DIR),
      audience: "administrator",
      log,
    });
    return [...judgeEnvironment(), ...(await doctor(subject)), examineLock(DATA_DIR)];
  } finally {
    await backend.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

try {
  const environment = readEnvironment(process.env);
  useProxy(environment, createLog("silent"));
  const findings = await examine(environment, options.repository ?? null);
  leave(exitCodeOf(findings), printed(findings, isJson));
} catch (error) {
  if (!(error instanceof WrongEnvironment)) throw error;
  leave(EX_CONFIG, printed(findingsOf(error), isJson));
}
