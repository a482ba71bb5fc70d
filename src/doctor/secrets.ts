import type { Environment } from "../config/environment.ts";
import { secretsOf } from "../config/secrets.ts";
import type { Finding } from "../core/doctor/finding.ts";

/** Tokens of GitHub's, JSON web tokens among them, as in `ghs_16C7e42F` and `eyJhbGciOi.eyJpYXQi.GnqF1A`. */
const TOKEN = /\b(?:gh[a-z]_|github_pat_)\w{4,}|\beyJ[\w-]+\.[\w-]+\.[\w-]+/gu;
/**
 * Takes secrets out of findings. None should be in them: this is for what nobody has thought of, such as
 * a proxy that shows the request in its error page.
 */
export function withoutSecrets(environment: Environment): (finding: Finding) => Finding {
  const secrets = secretsOf(environment);
  const clean = (text: string) =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text).replaceAll(TOKEN, "…");
  return (finding) => ({
    ...finding,
    found: clean(finding.found),
    cure: finding.cure === null ? null : clean(finding.cure),
  });
}
