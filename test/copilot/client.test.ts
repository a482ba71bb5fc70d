import { expect, it } from "vitest";
import { runtimeEnvironment } from "../../src/copilot/client.ts";

it("the runtime gets what is on the allow-list, and nothing that is set to nothing", () => {
  const variables = {
    PATH: "/bin",
    COPILOT_MC_BASE_URL: "",
    GITHUB_COPILOT_INTEGRATION_ID: " ",
    COPILOT_API_URL: "https://api.example.com",
    COPILOT_GITHUB_TOKEN: "gho_x",
    WEBHOOK_SECRET: "secret",
    DATABASE_URL: "postgres://bot:password@db/bot",
    GITHUB_CLIENT_SECRET: "secret",
    OAUTH_APP_CLIENT_SECRET: "secret",
    ENCRYPTION_KEYS: "AAAA",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://bot:secret@127.0.0.1:4318",
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=secret",
    connecting: { clientSecret: "secret" },
    PORT: 3000,
  };
  expect(runtimeEnvironment(variables)).toEqual({
    PATH: "/bin",
    COPILOT_API_URL: "https://api.example.com",
  });
});
