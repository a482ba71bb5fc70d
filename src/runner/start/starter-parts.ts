import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Timeouts } from "../../ports/timeouts.ts";
import type { Background } from "../lease/background.ts";
import type { Gate } from "../receive/gate.ts";
import type { Handover } from "../receive/handover.ts";
import type { Outcomes } from "../report/outcomes.ts";
import type { Reporter } from "../report/reporter.ts";
import type { LinkWatch } from "../session/link-watch.ts";
import type { Sessions } from "../session/sessions.ts";
import type { Line } from "./line.ts";
import type { Writer } from "./writer.ts";

/** What starting a task, and reaching its session again, takes. */
export interface StarterParts {
  readonly ports: Ports;
  readonly gate: Gate;
  readonly handover: Handover;
  readonly writer: Writer;
  readonly outcomes: Outcomes;
  readonly reporter: Reporter;
  readonly background: Background;
  readonly sessions: Sessions;
  readonly links: Pick<LinkWatch, "letGo">;
  readonly line: Line;
  readonly timeouts: Timeouts;
  readonly hosts: GitHubHosts;
}
