import type { GitHubApp } from "./app.ts";

/** One attempt of GitHub to deliver a webhook to the App. */
export interface Attempt {
  readonly id: number;
  readonly deliveryId: string;
  readonly succeeded: boolean;
  readonly event: string;
}

/** The App's webhook deliveries. GitHub keeps them for 3 days, an Enterprise Server for 7. */
export interface Deliveries {
  /** All attempts that came after the one with this id, newest first. */
  attemptsAfter(cursor: number): Promise<Attempt[]>;
  /** Has GitHub deliver again what it tried in this attempt. */
  repeat(attemptId: number): Promise<void>;
}

/** Deliveries through the App. */
export function createDeliveries(app: GitHubApp): Deliveries {
  return {
    async attemptsAfter(cursor) {
      const octokit = await app.octokit();
      const attempts: Attempt[] = [];
      const pages = octokit.paginate.iterator(octokit.rest.apps.listWebhookDeliveries, {
        per_page: 100,
      });
      for await (const { data } of pages) {
        for (const { id, guid, status_code: status, event, action } of data) {
          if (id <= cursor) return attempts;
          const succeeded = status >= 200 && status < 300;
          attempts.push({ id, deliveryId: guid, succeeded, event: `${event}.${action ?? ""}` });
        }
      }
      return attempts;
    },
    async repeat(delivery_id) {
      const octokit = await app.octokit();
      await octokit.rest.apps.redeliverWebhookDelivery({ delivery_id });
    },
  };
}
