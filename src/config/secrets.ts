import type { Connecting } from "./connecting.ts";
import { copilotTokens } from "./copilot-tokens.ts";
import type { Environment } from "./environment.ts";
import { decoded, headersIn } from "./trace-headers.ts";
import type { WorkerEnvironment } from "./worker.ts";

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
    ...secretsOfTraces(environment),
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
  | "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
  | "OTEL_EXPORTER_OTLP_TRACES_HEADERS"
>;

/** The same of a worker's settings. */
export function secretsOfWorker(environment: WorkerSecrets): readonly string[] {
  const { DATABASE_URL, HTTPS_PROXY = "", HTTP_PROXY = "" } = environment;
  const secrets = [
    DATABASE_URL,
    ...[DATABASE_URL, HTTPS_PROXY, HTTP_PROXY].flatMap(passwordsIn),
    ...secretsOfTraces(environment),
  ];
  return secrets.filter(({ length }) => length >= SHORTEST);
}

/** The secrets of who gets the traces. */
function secretsOfTraces(environment: Omit<WorkerSecrets, "DATABASE_URL">): readonly string[] {
  const { OTEL_EXPORTER_OTLP_ENDPOINT = "", OTEL_EXPORTER_OTLP_HEADERS = "" } = environment;
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = "", OTEL_EXPORTER_OTLP_TRACES_HEADERS = "" } =
    environment;
  return [
    ...[OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT].flatMap(passwordsIn),
    ...[OTEL_EXPORTER_OTLP_HEADERS, OTEL_EXPORTER_OTLP_TRACES_HEADERS].flatMap(valuesOf),
  ];
}

function secretsOfConnecting({ clientSecret, oauthApp, keys }: Connecting): string[] {
  const encodings = ["base64", "base64url", "hex"] as const;
  const written = keys.flatMap((key) => encodings.map((form) => key.export().toString(form)));
  return [clientSecret, oauthApp?.clientSecret ?? "", ...written];
}

/** The values in `name=value,name=value`, as they are written there, and as they are; of `Bearer TOKEN` also the token. */
function valuesOf(headers: string): string[] {
  return headersIn(headers).flatMap(([, written]) => {
    const value = decoded(written);
    return [written, value, value.split(" ").at(-1) ?? ""];
  });
}

/** The password of a URL as it is written there, and as it is. */
function passwordsIn(address: string): string[] {
  if (!URL.canParse(address)) return [];
  const { password, searchParams } = new URL(address);
  const written = [password, searchParams.get("password") ?? ""];
  return written.flatMap((text) => [text, decoded(text)]);
}
