import type { HostingTerms } from "../../core/task/hosting.ts";
import type { HostingWanted } from "../../core/task/transitions/hosting.ts";
import { uuidOf } from "../../core/task/uuid.ts";
import type { Opening } from "../../ports/copilot.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Admitted } from "../receive/gate.ts";

/** How the session of an admitted task is to run on an own machine; null for the cloud. */
export function hostingTermsOf({ placement }: Pick<Admitted, "placement">): HostingTerms | null {
  return placement.type === "self-hosted" ? placement.terms : null;
}

/** The same for a session that the cloud has blocked: nothing of it was created. Null where that's the end. */
export function termsInstead(
  { placement }: Pick<Admitted, "placement">,
  opening: Opening,
): HostingTerms | null {
  if (opening.type !== "failed" || placement.type !== "cloud") return null;
  const { code, nothingCreated } = opening.failure;
  return code === "policy_blocked" && nothingCreated ? placement.ifBlocked : null;
}

/** What a session on an own machine is asked for with. */
export function hostingWanted(
  { nonce }: Pick<Ports, "nonce">,
  terms: HostingTerms,
  why: HostingWanted["why"],
): HostingWanted {
  return { terms, why, sessionId: uuidOf(nonce()) };
}
