import type { AppSlug } from "../../src/ports/github.ts";

/** A GitHub that doesn't say the App's name. */
export const NAMELESS: AppSlug = {
  known: () => null,
  isAccepted: async () => null,
  asked: () => Promise.resolve(null),
};
