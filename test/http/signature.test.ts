import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createVerification, digestIn } from "../../src/http/signature.ts";

// GitHub's own example: https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries.
const SECRET = "It's a Secret to Everybody";
const BODY = Buffer.from("Hello, World!");
const DIGEST = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

/** As the route asks: what is no digest is not compared. */
function isGenuine(body: Buffer, header: string, secret = SECRET): boolean {
  const digest = digestIn(header);
  return digest !== null && createVerification(secret)([body], digest);
}

describe("a signature", () => {
  test("of GitHub's is genuine", () => {
    expect(isGenuine(BODY, `sha256=${DIGEST}`)).toBe(true);
  });

  test("is of the bytes, whatever they mean as text", () => {
    const bytes = Buffer.from([0x22, 0xff, 0xfe, 0x22]);
    const digest = createHmac("sha256", SECRET).update(bytes).digest("hex");
    expect(isGenuine(bytes, `sha256=${digest}`)).toBe(true);
    expect(isGenuine(Buffer.from(bytes.toString("utf8")), `sha256=${digest}`)).toBe(false);
  });

  test.each([
    ["of another body", `sha256=${DIGEST}`, "Hello, World?"],
    ["with another digit", `sha256=${DIGEST.slice(0, -1)}8`, "Hello, World!"],
    ["in capitals", `sha256=${DIGEST.toUpperCase()}`, "Hello, World!"],
    ["that is cut off", `sha256=${DIGEST.slice(0, -2)}`, "Hello, World!"],
    ["that goes on", `sha256=${DIGEST}00`, "Hello, World!"],
    ["without its name", DIGEST, "Hello, World!"],
    ["of another kind", `sha1=${DIGEST}`, "Hello, World!"],
    ["that is empty", "", "Hello, World!"],
  ])("%s is not", (_which, signature, body) => {
    expect(isGenuine(Buffer.from(body), signature)).toBe(false);
  });

  test("with another secret is not", () => {
    expect(isGenuine(BODY, `sha256=${DIGEST}`, "another")).toBe(false);
  });
});
