import { generateKeyPairSync } from "node:crypto";

export const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
export const KEY = privateKey.export({ type: "pkcs1", format: "pem" }).toString().trim();
export const OTHER_FORMAT = privateKey.export({ type: "pkcs8", format: "pem" }).toString().trim();
/** A line in the middle of the key, as a sign of it. */
export const INSIDE = KEY.split("\n")[3] ?? "";
/** The variables that must be set. */
export const REQUIRED = {
  APP_ID: "4711",
  PRIVATE_KEY: KEY,
  WEBHOOK_SECRET: "b2f8c1d94e6a7f30",
  COPILOT_GITHUB_TOKEN: "github_pat_11ABC",
};

/** The defaults of what is needed only where traces are sent. */
export const TRACING = {
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
  OTEL_TRACES_SAMPLER: "parentbased_always_on",
  OTEL_TRACES_SAMPLER_ARG: 1,
};
