import { generateKeyPairSync, randomBytes } from "node:crypto";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2_048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

const secret = randomBytes(20).toString("hex");

/** A GitHub App that no GitHub knows, for what is measured without one. */
export const HOOK = { secret, installationId: 515_151 } as const;

/** The settings of the bot as that App. Where its GitHub should be, nobody listens. */
export const APP_SETTINGS = {
  APP_ID: "424242",
  PRIVATE_KEY: privateKey,
  WEBHOOK_SECRET: secret,
  COPILOT_GITHUB_TOKEN: "gho_benchmark",
  GHE_HOST: "127.0.0.1:9",
  GHE_PROTOCOL: "http",
  HOST: "127.0.0.1",
  PORT: "0",
} as const;
