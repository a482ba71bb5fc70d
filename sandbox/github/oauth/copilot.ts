import type { Actors } from "../actors.ts";
import { organization } from "../seed.ts";
import type { Answer, Json } from "../shapes.ts";
import { failure, json } from "../shapes.ts";
import type { Tokens } from "./tokens.ts";

/** What a person's Copilot may do; a change counts at once. */
export interface CopilotSeat {
  /** Whether the person has Copilot at all. */
  isEnabled: boolean;
  /** e.g. `individual_pro`, `business`. */
  plan: string;
  /** The policy on seeing sessions on GitHub. */
  cloudSessions: boolean;
  /** The policy on steering them there. */
  remoteControl: boolean;
  /** Organizations that the license is from. */
  organizations: readonly string[];
  /** More of the answer, or other values: GitHub documents none of it. */
  more: Json;
}

/** Copilot's own look-up of an account. */
export interface CopilotLookUp {
  /** Whether tokens of GitHub Apps (`ghu_`) are taken: reports differ. */
  takesAppTokens: boolean;
  seatOf(login: string): CopilotSeat;
  /**
   * The answer to `GET /copilot_internal/user`.
   *
   * @param authorization the header, or its token alone
   * @param api base URL of the Copilot API
   */
  answer(authorization: string | undefined, api: string): Answer;
}

/** Everybody has Copilot Business. */
export function createCopilotLookUp(actors: Actors, tokens: Tokens): CopilotLookUp {
  const seats = new Map<string, CopilotSeat>();

  function seatOf(login: string): CopilotSeat {
    const rights = { isEnabled: true, cloudSessions: true, remoteControl: true };
    const seat = seats.get(login) ?? {
      ...rights,
      plan: "business",
      organizations: [organization],
      more: {},
    };
    seats.set(login, seat);
    return seat;
  }

  return {
    takesAppTokens: true,
    seatOf,
    answer(authorization, api) {
      const token = authorization?.replace(/^(?:bearer|token)\s+/i, "");
      const actor = actors.of(token);
      if (actor === "anonymous") return failure(401, "Requires authentication");
      if (typeof actor === "string") return failure(401, "Bad credentials");
      const issued = tokens.find(token ?? "");
      if (issued?.copilotRequests === false) {
        return failure(403, "Resource not accessible by personal access token");
      }
      const isApps = actor.via !== undefined || token?.startsWith("ghs_") === true;
      if (isApps && !(this.takesAppTokens && token?.startsWith("ghu_") === true)) {
        return failure(403, "Resource not accessible by integration");
      }
      return json(200, accountOf(actor.login, seatOf(actor.login), api));
    },
  };
}

function accountOf(login: string, seat: CopilotSeat, api: string): Json {
  const { isEnabled, plan, cloudSessions, remoteControl, organizations, more } = seat;
  const withoutCopilot = { access_type_sku: "no_access", can_signup_for_limited: true };
  return {
    login,
    copilot_plan: isEnabled ? plan : "individual",
    ...(isEnabled ? { access_type_sku: "copilot_for_business_seat" } : withoutCopilot),
    chat_enabled: isEnabled,
    cloud_session_storage_enabled: isEnabled && cloudSessions,
    cli_remote_control_enabled: isEnabled && remoteControl,
    organization_login_list: isEnabled ? organizations : [],
    endpoints: { api },
    ...more,
  };
}
