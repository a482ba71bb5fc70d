import type { Connecting } from "./connecting.ts";
import { copilotTokens } from "./copilot-tokens.ts";
import type { Environment } from "./environment.ts";

/** What is shorter may stand anywhere by chance, and says little. */
const SHORTEST = 6;

/** All secrets among the settings, in every form in which they may turn up; the longest first. */
export function secretsOf(environment: Environment): readonly string[] {
  const { WEBHOOK_SECRET, PRIVATE_KEY, DATABASE_URL = "" } = environment;
  const { HTTPS_PROXY = "", HTTP_PROXY = "", connecting } = environment;
  const secrets = [
    ...Object.values(copilotTokens(environment)).map(({ token }) => token),
    WEBHOOK_SECRET,
    DATABASE_URL,
    ...[DATABASE_URL, HTTPS_PROXY, HTTP_PROXY].flatMap(passwordsIn),
    ...PRIVATE_KEY.split("\n").map((line) => line.trim()),
    ...(connecting === null ? [] : secretsOfConnecting(connecting)),
  ];
  return [...new Set(secrets)]
    .filter((secret) => secret.length >= SHORTEST)
    .toSorted((a, b) => b.length - a.length);
}

function secretsOfConnecting({ clientSecret, oauthApp, keys }: Connecting): string[] {
  const encodings = ["base64", "base64url", "hex"] as const;
  const written = keys.flatMap((key) => encodings.map((form) => key.export().toString(form)));
  return [clientSecret, oauthApp?.clientSecret ?? "", ...written];
}

/** The password of a URL as it is written there, and as it is. */
function passwordsIn(address: string): string[] {
  if (!URL.canParse(address)) return [];
  const { password, searchParams } = new URL(address);
  const written = [password, searchParams.get("password") ?? ""];
  return written.flatMap((text) => [text, decoded(text)]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
