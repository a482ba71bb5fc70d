import type { Attempt } from "../core/recovery.ts";
import type { GitHubApp } from "./app.ts";

/** The App's webhook deliveries. GitHub keeps them for 3 days, an Enterprise Server for 7. */
export interface Deliveries {
  /** All attempts that were made at this time or later, newest first; all there are for an empty one. */
  attemptsSince(time: string): Promise<Attempt[]>;
  /** Has GitHub deliver again what it tried in this attempt. */
  repeat(attemptId: string): Promise<void>;
}

/** Deliveries through the App. */
export function createDeliveries(app: GitHubApp): Deliveries {
  return {
    async attemptsSince(time) {
      const octokit = await app.octokit();
      const attempts: Attempt[] = [];
      const pages = octokit.paginate.iterator(octokit.rest.apps.listWebhookDeliveries, {
        per_page: 100,
      });
      for await (const { data } of pages) {
        for (const { id, guid, delivered_at: at, status_code: status, event, action } of data) {
          if (Date.parse(at) < Date.parse(time)) return attempts;
          const succeeded = status >= 200 && status < 300;
          const name = `${event}.${action ?? ""}`;
          // Ids of 19 digits come as bigint, whatever the types say.
          attempts.push({ id: String(id), deliveryId: guid, at, succeeded, event: name });
        }
      }
      return attempts;
    },
    async repeat(attemptId) {
      const octokit = await app.octokit();
      // The typed method takes numbers only.
      await octokit.request(`POST /app/hook/deliveries/${attemptId}/attempts`);
    },
  };
}
