import type { SeededRepository } from "./seed.ts";
import { organization } from "./seed.ts";

/** The organization's repository with the defaults of all its repositories. */
const DEFAULTS = { owner: organization, repo: ".github" } as const;

/** For those who start more than the bot's own limits let them. */
export const WITH_DEFAULTS: readonly SeededRepository[] = [{ name: DEFAULTS.repo }];

/** A policy without any limit on how many tasks may be started. */
const NO_LIMITS = `limits:
  requester: { hour: null }
  organization: { day: null }
  at_once: null
`;

interface Files {
  writeFile(repository: typeof DEFAULTS, path: string, content: string): Promise<unknown>;
}

/** Has every repository of the organization, which has a repository `.github`, start as much as it likes. */
export async function liftLimits(github: Files): Promise<void> {
  await github.writeFile(DEFAULTS, ".github/copilot-tasks.yml", NO_LIMITS);
}
