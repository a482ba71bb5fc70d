import { expect } from "vitest";
import { readEnvironment, WrongEnvironment } from "../../src/config/environment.ts";

/** What is said of a private key that is none. */
export const NO_KEY =
  "isn't a private key. Use the whole text of the .pem file, from -----BEGIN … PRIVATE KEY----- to -----END";

/** The same where the key itself is set. */
export const NO_KEY_TEXT = `${NO_KEY}, or set PRIVATE_KEY_PATH to its path`;

/** The problems, one for each line. */
export function problemsOf(variables: Readonly<Record<string, string | undefined>>): string[] {
  try {
    readEnvironment(variables);
    return [];
  } catch (error) {
    if (!(error instanceof WrongEnvironment)) throw error;
    const [first, ...lines] = error.message.split("\n");
    expect(first).toBe("Configuration problems:");
    expect(lines.pop()).toBe("See .env.example.");
    return lines.map((line) => line.trim().replace(/\.$/u, ""));
  }
}
