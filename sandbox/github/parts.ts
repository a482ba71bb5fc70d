import type { Actor, Actors } from "./actors.ts";
import type { Installation } from "./app/installation.ts";
import type { Registrations } from "./app/registrations.ts";
import type { AppSettings } from "./app/settings.ts";
import type { Spend } from "./budgets.ts";
import type { Clock } from "./clock.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Authorizations } from "./oauth/authorizations.ts";
import type { OAuthApp } from "./oauth/clients.ts";
import type { CopilotLookUp } from "./oauth/copilot.ts";
import type { Ask, Json } from "./shapes.ts";
import type { AccountRecord, ActingApp, RepositoryRecord } from "./state/records.ts";
import type { State } from "./state/state.ts";
import type { SignIns } from "./web/sign-in.ts";

/** The parts that GitHub is made of. */
export interface Parts {
  readonly actors: Actors;
  readonly authorizations: Authorizations;
  readonly copilot: CopilotLookUp;
  readonly clock: Clock;
  readonly deliveries: Deliveries;
  /** Where people see it: `127.0.0.1:PORT`. */
  readonly host: string;
  readonly installation: Installation;
  /** Whether the organization's IP allow list lacks the bot's address. */
  readonly network: { ipIsBlocked: boolean };
  readonly oauthApp: OAuthApp;
  /** The App's. */
  readonly privateKey: string;
  readonly registrations: Registrations;
  readonly settings: AppSettings;
  readonly signIns: SignIns;
  readonly spend: Spend;
  readonly state: State;
}

/** An event in a repository. The App gets a webhook if it subscribes to it. */
export interface RepositoryEvent {
  readonly event: string;
  /** Undefined for an event that has no actions. */
  readonly action?: string;
  /** The event's own part of the payload. */
  readonly about: Json;
  readonly repository: RepositoryRecord;
}

/** A request, with who asks. */
export interface Asked extends Parts {
  readonly ask: Ask;
  readonly actor: Actor;
  /** The account that asks, which those who change something have; otherwise it may be `ghost`. */
  readonly by: AccountRecord;
  /** The App that acts for `by`. */
  readonly via: ActingApp | undefined;
  /** What the path has in the places of the operation's parameters, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly emit: (event: RepositoryEvent) => void;
}

/** A request about a repository that the asker may see. */
export interface AskedInRepository extends Asked {
  readonly repository: RepositoryRecord;
}
