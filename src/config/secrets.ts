import type { Connecting } from "./connecting.ts";
import { copilotTokens } from "./copilot-tokens.ts";
import type { Environment } from "./environment.ts";
import type { WorkerEnvironment } from "./worker.ts";

/** What is shorter may stand anywhere by chance, and says little. */
const SHORTEST = 6;

/** All secrets among the settings, in every form in which they may turn up; the longest first. */
export function secretsOf(environment: Environment): readonly string[] {
  const { WEBHOOK_SECRET, PRIVATE_KEY, DATABASE_URL = "" } = environment;
  const { HTTPS_PROXY = "", HTTP_PROXY = "", connecting } = environment;
  const { OTEL_EXPORTER_OTLP_ENDPOINT = "", OTEL_EXPORTER_OTLP_HEADERS = "" } = environment;
  const secrets = [
    ...Object.values(copilotTokens(environment)).map(({ token }) => token),
    WEBHOOK_SECRET,
    DATABASE_URL,
    ...[DATABASE_URL, HTTPS_PROXY, HTTP_PROXY, OTEL_EXPORTER_OTLP_ENDPOINT].flatMap(passwordsIn),
    ...valuesOf(OTEL_EXPORTER_OTLP_HEADERS),
    ...PRIVATE_KEY.split("\n").map((line) => line.trim()),
    ...(connecting === null ? [] : secretsOfConnecting(connecting)),
  ];
  return [...new Set(secrets)]
    .filter((secret) => secret.length >= SHORTEST)
    .toSorted((a, b) => b.length - a.length);
}

/** The settings of a worker's that have secrets. */
type WorkerSecrets = Pick<
  WorkerEnvironment,
  | "DATABASE_URL"
  | "HTTPS_PROXY"
  | "HTTP_PROXY"
  | "OTEL_EXPORTER_OTLP_ENDPOINT"
  | "OTEL_EXPORTER_OTLP_HEADERS"
>;

/** The same of a worker's settings. */
export function secretsOfWorker({
  DATABASE_URL,
  HTTPS_PROXY = "",
  HTTP_PROXY = "",
  OTEL_EXPORTER_OTLP_ENDPOINT = "",
  OTEL_EXPORTER_OTLP_HEADERS = "",
}: WorkerSecrets): readonly string[] {
  const urls = [DATABASE_URL, HTTPS_PROXY, HTTP_PROXY, OTEL_EXPORTER_OTLP_ENDPOINT];
  const secrets = [
    DATABASE_URL,
    ...urls.flatMap(passwordsIn),
    ...valuesOf(OTEL_EXPORTER_OTLP_HEADERS),
  ];
  return secrets.filter(({ length }) => length >= SHORTEST);
}

function secretsOfConnecting({ clientSecret, oauthApp, keys }: Connecting): string[] {
  const encodings = ["base64", "base64url", "hex"] as const;
  const written = keys.flatMap((key) => encodings.map((form) => key.export().toString(form)));
  return [clientSecret, oauthApp?.clientSecret ?? "", ...written];
}

/** The values in `name=value,name=value`, as they are written there, and as they are; of `Bearer TOKEN` also the token. */
function valuesOf(headers: string): string[] {
  const values = headers.split(",").map((header) => header.slice(header.indexOf("=") + 1).trim());
  return values.flatMap((value) => [value, decoded(value), decoded(value).split(" ").at(-1) ?? ""]);
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
