import { expect, test } from "vitest";
import { readEnvironment } from "../../src/config/environment.ts";
import { REQUIRED } from "./required.ts";

test.each([
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318", "http://localhost:4318"],
  ["OTEL_SERVICE_NAME", "bot", "bot"],
  ["OTEL_TRACES_SAMPLER", "traceidratio", "traceidratio"],
  ["OTEL_TRACES_SAMPLER_ARG", "0.25", 0.25],
])("%s=%j", (variable, value, taken) => {
  const environment = readEnvironment({ ...REQUIRED, [variable]: value });
  expect(environment).toEqual({ ...readEnvironment(REQUIRED), [variable]: taken });
});

const WEB = "must be a URL that begins with http:// or https://";
const PROTOCOL = "must be http/protobuf. A collector takes it at its port for HTTP, usually 4318";
const SAMPLERS =
  "must be one of always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio";

test.each([
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", WEB],
  ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", PROTOCOL],
  ["OTEL_TRACES_SAMPLER", "sometimes", SAMPLERS],
  ["OTEL_TRACES_SAMPLER_ARG", "25%", "must be a number from 0 to 1"],
  ["OTEL_TRACES_SAMPLER_ARG", "1.1", "must be at most 1"],
])("%s=%j is refused, with what to change", (variable, value, sentence) => {
  expect(() => readEnvironment({ ...REQUIRED, [variable]: value })).toThrow(
    `\n  ${variable} ${sentence}.\n`,
  );
});
