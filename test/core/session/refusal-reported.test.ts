import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { failureOfRuntime } from "./refused.ts";

/** What Mission Control has answered to bots like this one, as people have reported it. */
interface Reported {
  readonly id: string;
  readonly status: number;
  readonly body: { readonly message?: string };
  /** Each of these codes is right. */
  readonly want: readonly string[];
}

const REPORTED: readonly Reported[] = JSON.parse(
  readFileSync("test/fixtures/reported/refusals.json", "utf8"),
);

test.each(REPORTED)("$id", ({ status, body, want }) => {
  // The runtime passes on the message, or all of the body where there is none, and drops the status.
  const message = body.message ?? JSON.stringify(body);
  for (const refusal of [{ message }, { message, status }]) {
    const { code, nothingCreated } = failureOfRuntime(refusal);
    expect(want).toContain(code);
    expect(nothingCreated).toBe(true);
  }
});

test("each has its own code", () => {
  const codes = REPORTED.map(({ id, body }) => {
    const { code, cause } = failureOfRuntime({ message: body.message ?? JSON.stringify(body) });
    return [id, cause === undefined ? code : `${code}/${cause}`];
  });
  expect(Object.fromEntries(codes)).toEqual({
    quota402: "quota_exceeded",
    quota402text: "quota_exceeded",
    policyneeded: "policy_blocked",
    nomodel: "policy_blocked/model",
    notenabled: "policy_blocked/repository",
    saml: "sso_required",
    ipallow: "ip_not_allowed",
    patperm: "bad_credentials/permission",
  });
});
