import { describe, expect, test } from "vitest";
import { problemsOf } from "./problems.ts";
import { REQUIRED } from "./required.ts";

describe("a name that's misspelled stops the start, as what it's set for would have no effect", () => {
  test.each([
    ["FOLOW_MINUTES", "FOLLOW_MINUTES"],
    ["MAX_FOLLOWED_SESSION", "MAX_FOLLOWED_SESSIONS"],
    ["MAX_CONCURENT_START", "MAX_CONCURRENT_STARTS"],
    ["DATABASE_ULR", "DATABASE_URL"],
    ["WEBHOOK_SECRETS_FILE", "WEBHOOK_SECRET_FILE"],
    ["ENCRYPTION_KEY", "ENCRYPTION_KEYS"],
  ])("%s", (name, meant) => {
    expect(problemsOf({ ...REQUIRED, [name]: "s3cret" })).toEqual([
      `${name} is no setting. Did you mean ${meant}?`,
    ]);
  });

  test("but names of other programs don't", () => {
    const names = ["PATH", "PORTS", "GH_HOST", "FTP_PROXY", "DATADIR", "NODE_ENV", "LOG_FORMAT"];
    const others = [
      "PGPASSWORD",
      "HOSTNAME",
      "KUBERNETES_PORT",
      "OTEL_LOGS_EXPORTER",
      "XDG_DATA_DIRS",
    ];
    const more = Object.fromEntries([...names, ...others].map((name) => [name, "x"]));
    expect(problemsOf({ ...REQUIRED, ...more, FOLOW_MINUTES: " " })).toEqual([]);
  });
});
