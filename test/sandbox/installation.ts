import { Probot, ProbotOctokit } from "probot";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";

const impatient = ProbotOctokit.defaults((options: object) => ({
  ...options,
  throttle: { enabled: false },
  retry: { enabled: false },
}));

/** GitHub's API, asked by the App and in the name of its installation, never again after a failure. */
export type InstallationOctokit = Awaited<ReturnType<Probot["auth"]>>;

/** The App's own Octokit, or its installation's. */
export function octokitOf(
  { appId, privateKey, webhookSecret: secret, host }: LoopbackGitHub,
  installationId?: number,
): Promise<InstallationOctokit> {
  const baseUrl = `http://${host}/api/v3`;
  const probot = new Probot({
    appId,
    privateKey,
    secret,
    baseUrl,
    Octokit: impatient,
    logLevel: "fatal",
  });
  return probot.auth(installationId);
}
