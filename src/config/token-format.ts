import { required } from "./values.ts";

/** A token of the account whose Copilot all sessions use, of a kind that Copilot takes. */
export const copilotToken = required(
  "is not set, and neither is what people need to connect their own Copilot: GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, PUBLIC_URL, and ENCRYPTION_KEYS. Run script/register, which sets these four, or set COPILOT_GITHUB_TOKEN to a token of one account for everybody: github_pat_…, gho_…, or ghu_…",
).superRefine((token, context) => {
  if (/^["']/u.test(token)) {
    context.addIssue({ code: "custom", message: "is in quotation marks. Remove them" });
    return;
  }
  const problem = TOKEN_PROBLEMS.find(([prefix]) => token.startsWith(prefix))?.[1];
  if (token === "") return;
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  else if (!/^(?:github_pat_|gho_|ghu_)/u.test(token)) {
    context.addIssue({ code: "custom", message: "must begin with github_pat_, gho_, or ghu_" });
  }
});

const TOKEN_PROBLEMS = [
  [
    "ghp_",
    "is a classic personal access token (ghp_), which Copilot doesn't accept. Create a fine-grained one (github_pat_) with the permission “Copilot Requests”, or use an OAuth token (gho_, ghu_)",
  ],
  [
    "ghs_",
    "is an installation token (ghs_), but Copilot sessions belong to a user. Use a user's github_pat_, gho_, or ghu_ token",
  ],
] as const;
