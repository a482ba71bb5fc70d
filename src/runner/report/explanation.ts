import type { Failure } from "../../core/task/failure.ts";
import type { Opening, SessionRequest } from "../../ports/copilot.ts";
import type { Ports } from "../../ports/ports.ts";

/** The runtime drops what GitHub answers when it looks an account up. */
const LOST_ANSWER = /fetch Copilot user info: 40[34]\b/u;

function needsExplanation({ code, message, passesAt }: Failure): boolean {
  return (
    code === "unknown" ||
    (code === "quota_exceeded" && passesAt === undefined) ||
    LOST_ANSWER.test(message)
  );
}

/** Some refusals don't say enough: then GitHub is asked about the account, the token, and the repository. */
export async function explained(
  { identities }: Pick<Ports, "identities">,
  request: SessionRequest,
  opening: Opening,
): Promise<Opening> {
  if (opening.type !== "failed" || !needsExplanation(opening.failure)) return opening;
  const known = await identities.diagnose(request, opening.failure);
  return known === null ? opening : { ...opening, failure: { ...opening.failure, ...known } };
}
