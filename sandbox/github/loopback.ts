import type { AppSettings } from "./app/settings.ts";
import type { InstallationLife } from "./app/installation-life.ts";
import type { Predicate } from "./changes.ts";
import type { Delivery, DeliveryMatch } from "./deliveries.ts";
import type { Departures } from "./departures.ts";
import type { FaultAnswer, FaultMatch, WaitingFault } from "./faults.ts";
import type { RecordedRequest } from "./front.ts";
import type { GitControl } from "./git/control.ts";
import type { OAuthControl } from "./oauth/control.ts";
import type { Person } from "./person.ts";
import type { Permission } from "./seed.ts";
import type { RepositoryName } from "./shapes.ts";
import type { Thread } from "./thread.ts";
import type { ActingApp, MemberRecord, TeamMember } from "./state/records.ts";

/** A GitHub on this machine, as the demo and the end-to-end tests use it. */
export interface LoopbackGitHub extends Departures {
  /** `127.0.0.1:PORT`, for `GHE_HOST`. */
  readonly host: string;
  /** What the bot needs to know of its GitHub: `APP_ID`, `PRIVATE_KEY`, `WEBHOOK_SECRET`, `GHE_HOST`, `GHE_PROTOCOL`. */
  readonly environment: Readonly<Record<string, string>>;
  /** What lets people connect their Copilot: `GITHUB_CLIENT_ID`, `GITHUB_CLIENT_SECRET`. */
  readonly oauthEnvironment: Readonly<Record<string, string>>;
  /** The same with an OAuth App: `OAUTH_APP_CLIENT_ID`, `OAUTH_APP_CLIENT_SECRET`. */
  readonly oauthAppEnvironment: Readonly<Record<string, string>>;
  /** People's authorizations, their tokens, and what their Copilot may do. */
  readonly oauth: OAuthControl;
  readonly appId: number;
  readonly privateKey: string;
  readonly webhookSecret: string;
  /** The installation's id of now. */
  readonly installationId: number;
  readonly botLogin: string;
  /** What the bot asked, in the order of the answers; never what people did. */
  readonly requests: readonly RecordedRequest[];
  /** The webhooks, in the order in which they were settled. */
  readonly deliveries: readonly Delivery[];
  /** What Git reaches over HTTP, and what is in it. */
  readonly git: GitControl;
  /** Where webhooks go; before this is called they are remembered and not sent. */
  deliverTo(url: string): void;
  /** Lets the next deliveries of an event get lost. */
  loseNext(match: DeliveryMatch, times?: number): void;
  /** Sends a webhook again with the same `X-GitHub-Delivery`; gives the bot's status. */
  redeliver(deliveryId: string): Promise<number | null>;
  /** Sends the payload with another delivery id, as a repository's hook for the same event does. */
  deliverAgainAs(deliveryId: string, newId?: string): Promise<number | null>;
  /** What the App's owner has set, to be read and changed; by default what `app.yml` says. */
  readonly app: AppSettings;
  /** The App's installation on the organization, and what can happen to it. */
  readonly installation: InstallationLife;
  /** GitHub no longer takes the installation's tokens; it gives new ones. */
  revokeTokens(): void;
  /** Whether the organization's IP allow list lacks the bot's address: then it refuses every request. */
  readonly network: { ipIsBlocked: boolean };
  /** How far GitHub's clock is ahead of that of this machine; 0 unless set. */
  clockOffsetMs: number;
  /** The person with this login; through an App that they have authorized, if one is named. */
  as(login: string, via?: ActingApp): Person;
  /** Changes what a person may do in a repository; `role` is what the organization calls a role of its own. */
  grant(
    repository: RepositoryName,
    login: string,
    permission: Permission,
    role?: string,
  ): Promise<void>;
  /** Sets what somebody is in the organization; null is nothing. */
  member(login: string, membership: MemberRecord | null): void;
  /** Sets who is in a team of an organization, which is made if it is not there. */
  team(organization: string, slug: string, members: readonly (string | TeamMember)[]): void;
  /** Hides a comment, for a reason such as `off-topic` or `spam`, as a person may. */
  minimize(comment: { readonly id: number }, reason?: string): void;
  /** Creates or replaces a file as the organization's owner, on the default branch unless given. */
  writeFile(
    repository: RepositoryName,
    path: string,
    content: string,
    branch?: string,
  ): Promise<void>;
  /** Deletes a file as the organization's owner, on the default branch unless given. */
  deleteFile(repository: RepositoryName, path: string, branch?: string): Promise<void>;
  /** What a person sees of an issue or pull request. */
  thread(owner: string, repo: string, number: number): Promise<Thread>;
  /** Makes the bot's next requests of this kind fail. */
  failNext(match: FaultMatch, answer: FaultAnswer, times?: number): WaitingFault;
  /** Stops all failures of requests. */
  forgetFaults(): void;
  /** Waits until the predicate, asked after each request and delivery, is true; 30 seconds unless given. */
  until(predicate: Predicate, timeLimitMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** The latest requests and deliveries, for the error of a wait that timed out. */
export function story(
  requests: readonly RecordedRequest[],
  deliveries: readonly Delivery[],
): string {
  const requested = requests.slice(-12).map(({ method, path, status }) => {
    return `  ${method} ${path} → ${status ?? "no answer"}`;
  });
  const delivered = deliveries.slice(-6).map(({ event, action, statusCode }) => {
    return `  ${event}.${action} → ${statusCode ?? "not delivered"}`;
  });
  const none = "  (none)";
  return [
    `Webhooks (${deliveries.length}), the latest:`,
    ...(delivered.length > 0 ? delivered : [none]),
    `The bot's requests (${requests.length}), the latest:`,
    ...(requested.length > 0 ? requested : [none]),
  ].join("\n");
}
