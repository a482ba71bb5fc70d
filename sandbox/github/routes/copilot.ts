import { urlsOf } from "../rest/urls.ts";
import type { AppRoute } from "./app.ts";

/** Not in GitHub's OpenAPI description; the runtime asks for it. */
export const COPILOT_ROUTES: readonly AppRoute[] = [
  {
    operation: "GET /copilot_internal/user",
    isForApp: false,
    permissions: [],
    answer: ({ ask, copilot, host }) => copilot.answer(ask.authorization, urlsOf(host).web),
  },
];
