import { z } from "zod";
import { id } from "./fields.ts";
import type { WebhookReader } from "./reader.ts";
import { ignored, readerOf } from "./reader.ts";

/** A person has taken back, on GitHub, what they allowed the App. */
export interface AuthorizationRevoked {
  readonly type: "authorization_revoked";
  readonly deliveryId: string;
  readonly userId: number;
}

/** Every App gets it, without a subscription: https://docs.github.com/webhooks/webhook-events-and-payloads#github_app_authorization. */
export const authorizationRevoked: WebhookReader<AuthorizationRevoked> = readerOf(
  { sender: z.object({ id }).nullish() },
  ({ sender }, { deliveryId }) =>
    sender === null || sender === undefined
      ? ignored("nobody")
      : { type: "authorization_revoked", deliveryId, userId: sender.id },
);
