import type { Attempt } from "../core/webhook/redelivery.ts";
import type { GitHubTroubleType } from "../core/github/trouble.ts";
import type { Deliveries } from "../ports/deliveries.ts";
import type { GitHubApp } from "./app.ts";
import { troubleOf } from "./trouble.ts";

/** Answers about one attempt. All others, such as a rate limit or a wrong key, are about every request. */
const CANNOT_REPEAT: ReadonlySet<GitHubTroubleType | undefined> = new Set([
  "gone",
  "conflict",
  "refused",
]);

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
          const name = action === null ? event : `${event}.${action}`;
          // Ids of 19 digits come as bigint, whatever the types say.
          attempts.push({ id: String(id), deliveryId: guid, at, succeeded, event: name });
        }
      }
      return attempts;
    },
    async repeat(attemptId) {
      const octokit = await app.octokit();
      try {
        // The typed method takes numbers only.
        await octokit.request(`POST /app/hook/deliveries/${attemptId}/attempts`);
        return true;
      } catch (error) {
        if (CANNOT_REPEAT.has(troubleOf(error, new Date())?.type)) return false;
        throw error;
      }
    },
  };
}
