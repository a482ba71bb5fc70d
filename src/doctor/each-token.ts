import type { CopilotToken } from "../config/copilot-tokens.ts";
import type { Finding } from "../core/doctor/finding.ts";

/** What is found of each token that sessions can use. If there are several, findings say which one they're about. */
export async function ofEachToken(
  tokens: readonly CopilotToken[],
  examine: (token: CopilotToken) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const groups = tokens.map(async (token) => {
    const findings = await examine(token);
    if (tokens.length === 1) return findings;
    return findings.map((finding) => about(finding, token));
  });
  return (await Promise.all(groups)).flat();
}

function about(finding: Finding, { variable }: CopilotToken): Finding {
  return { ...finding, what: `${finding.what} (${variable})` };
}
