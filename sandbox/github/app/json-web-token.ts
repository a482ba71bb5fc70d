import { createPublicKey, verify } from "node:crypto";
import { app } from "../seed.ts";
import { failure, trusted } from "../shapes.ts";
import type { Answer } from "../shapes.ts";

interface Claims {
  readonly iss?: unknown;
  readonly iat?: unknown;
  readonly exp?: unknown;
}

/** The longest that GitHub lets a token live, in seconds. */
const longest = 600;

/**
 * Why GitHub refuses a JSON web token of the App's, if it does. `@octokit/auth-app` knows by
 * these messages that its clock is wrong, and tries again with the time of the `Date` header.
 */
export function refusalOfToken(token: string, privateKey: string, now: number): Answer | undefined {
  const claims = claimsOf(token, privateKey);
  if (claims === undefined) return failure(401, "A JSON web token could not be decoded");
  const { iss, iat, exp } = claims;
  if (String(iss) !== `${app.id}` && iss !== app.client_id) {
    return failure(404, "Integration not found");
  }
  const seconds = now / 1000;
  if (typeof exp !== "number" || exp <= seconds) {
    return failure(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > seconds + longest) {
    return failure(401, "'Expiration time' claim ('exp') is too far in the future");
  }
  if (typeof iat === "number" && iat <= seconds) return undefined;
  return failure(
    401,
    "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
  );
}

function claimsOf(token: string, privateKey: string): Claims | undefined {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const signed = Buffer.from(`${header}.${payload}`);
  const key = createPublicKey(privateKey);
  if (!verify("sha256", signed, key, Buffer.from(signature, "base64url"))) return undefined;
  return trusted<Claims>(JSON.parse(Buffer.from(payload, "base64url").toString()));
}
