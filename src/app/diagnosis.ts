import type { Environment } from "../config/environment.ts";
import { restBaseUrl } from "../config/environment.ts";
import { lookUpAccount } from "../copilot/checkup.ts";
import type { Failure } from "../core/task/failure.ts";
import { hostsOf } from "../core/github/hosts.ts";
import { failureOf } from "../core/session/refusal.ts";
import { diagnose } from "../github/diagnosis.ts";
import type { SessionRequest } from "../ports/copilot.ts";
import type { Diagnosis, Identities } from "../ports/identities.ts";

const TIME_LIMIT_MS = 10_000;

interface Settings {
  readonly environment: Environment;
  /** Of these, what the Copilot runtime gets decides where accounts are looked up. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What GitHub says of the account, the token, and the repository of a session that was refused. */
export function createDiagnosis({ environment, variables }: Settings): Identities["diagnose"] {
  const hosts = hostsOf(environment);

  async function lookUp({ token }: SessionRequest) {
    const signal = AbortSignal.timeout(TIME_LIMIT_MS);
    return lookUpAccount({ token, hosts, variables, signal }).catch(() => null);
  }

  return async (request, { code }) => {
    const found = await lookUp(request);
    if (code === "quota_exceeded") return renewal(found?.account?.quotaRenewsAt);
    const refusal = found === null || found.status === 200 ? null : refusalIn(found, request);
    return refusal ?? diagnose(request, restBaseUrl(environment));
  };
}

function renewal(passesAt: string | null | undefined): Diagnosis | null {
  return passesAt === null || passesAt === undefined ? null : { passesAt };
}

/** Without its account nothing is created for a token. */
function refusalIn(
  answer: { readonly status: number; readonly message: string },
  asked: SessionRequest,
): Pick<Failure, "code" | "cause" | "nothingCreated"> | null {
  const { code, cause } = failureOf({ ...answer, asked }, []);
  if (answer.status >= 500 || code === "unknown" || code === "repository_not_found") return null;
  return { code, nothingCreated: true, ...(cause === undefined ? {} : { cause }) };
}
