import type { Environment } from "../config/environment.ts";
import type { Finding } from "../core/finding.ts";

/** Tokens of GitHub's, JSON web tokens among them, as in `ghs_16C7e42F` and `eyJhbGciOi.eyJpYXQi.GnqF1A`. */
const TOKEN = /\b(?:gh[a-z]_|github_pat_)\w{4,}|\beyJ[\w-]+\.[\w-]+\.[\w-]+/gu;
/** What is shorter may stand anywhere by chance. */
const SHORTEST = 8;

/**
 * Takes secrets out of findings. None should be in them: this is for what nobody has thought of, such as
 * a proxy that shows the request in its error page.
 */
export function withoutSecrets(environment: Environment): (finding: Finding) => Finding {
  const { COPILOT_GITHUB_TOKEN, WEBHOOK_SECRET, PRIVATE_KEY, DATABASE_URL = "" } = environment;
  const secrets = [
    COPILOT_GITHUB_TOKEN,
    WEBHOOK_SECRET,
    DATABASE_URL,
    ...PRIVATE_KEY.split("\n").map((line) => line.trim()),
  ].filter((secret) => secret.length >= SHORTEST);
  const clean = (text: string) =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text).replaceAll(TOKEN, "…");
  return (finding) => ({
    ...finding,
    found: clean(finding.found),
    cure: finding.cure === null ? null : clean(finding.cure),
  });
}
