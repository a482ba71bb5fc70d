import { z } from "zod";
import { HOST_RULE } from "../isolation/hosts.ts";
import { CHECKOUT_PARTS } from "./hosting-terms.ts";
import { plainName } from "./schema-triggers.ts";
import { MACHINE_LABEL } from "./self-hosting.ts";
import { listOf, mapOf, oneOf, section, text } from "./values.ts";

const LABELED = ["self-hosted", "self-hosted-if-blocked"];

const RUNS_ON =
  "must be `cloud`, `self-hosted`, `self-hosted-if-blocked`, or one of the last two with labels, like `{ self-hosted: [gpu] }`";

const machineLabels = listOf(
  text(
    MACHINE_LABEL,
    "must be a label: 1 to 63 lowercase letters, digits, and `._-`, starting with a letter or digit",
  ),
  "labels, like `[gpu]`",
  10,
).min(1, { error: "must have an entry; without labels, write the word alone" });

const runsOnWord = oneOf(["cloud", "self-hosted", "self-hosted-if-blocked"]);

const runsOnValue = z.union(
  [
    runsOnWord,
    section({
      "self-hosted": machineLabels
        .describe("On the administrator's own machine, one that has all these labels.")
        .optional(),
      "self-hosted-if-blocked": machineLabels
        .describe("The same, but only if a policy of GitHub's blocks the session in the cloud.")
        .optional(),
    })
      .refine((labeled) => Object.keys(labeled).length === 1, {
        error: RUNS_ON,
        // Of a key that's unknown, its own sentence says enough.
        when: ({ issues }) => issues.length === 0,
      })
      .meta({ minProperties: 1, maxProperties: 1 }),
  ],
  { error: RUNS_ON },
);

const placedKind = plainName
  .refine((name) => !LABELED.includes(name), {
    error: "needs a kind above it: for all kinds, write it under `default`",
  })
  .meta({ not: { enum: LABELED } });

/** The key `runs_on`. */
export const runsOn = z
  .union(
    [
      runsOnWord,
      mapOf(placedKind, runsOnValue, "kinds (or `default`) to where their sessions run"),
    ],
    {
      error:
        "must be `cloud`, `self-hosted`, `self-hosted-if-blocked`, or a mapping of kinds (or `default`) to one of them",
    },
  )
  .describe(
    "Where sessions run, for all kinds or by kind. `cloud`: in GitHub's cloud. `self-hosted`: on the administrator's own machines. `self-hosted-if-blocked`: there, but only if a policy of GitHub's blocks the session in the cloud. Default: `cloud`.",
  );

const sharing = oneOf(["always", "on-demand", "never"]);

/** The key `share`. */
export const share = z
  .union(
    [
      sharing,
      mapOf(
        plainName,
        sharing,
        `kinds (or \`default\`) to \`always\`, \`on-demand\`, or \`never\``,
      ),
    ],
    {
      error:
        "must be `always`, `on-demand`, `never`, or a mapping of kinds (or `default`) to one of them",
    },
  )
  .describe(
    "Whether a session on the administrator's own machine can be seen and steered on GitHub, for all kinds or by kind. `always`: from its start. `on-demand`: after `/copilot share`. `never`: not at all. Default: `always`.",
  );

const pushed = oneOf(["pull-request", "branch", "never"]);

/** The key `push`. */
export const push = z
  .union(
    [
      pushed,
      mapOf(
        plainName,
        pushed,
        `kinds (or \`default\`) to \`pull-request\`, \`branch\`, or \`never\``,
      ),
    ],
    {
      error:
        "must be `pull-request`, `branch`, `never`, or a mapping of kinds (or `default`) to one of them",
    },
  )
  .describe(
    "What becomes of what an agent commits on the administrator's own machine, for all kinds or by kind. `pull-request`: the bot pushes it to a branch of its own and opens a draft pull request. `branch`: it only pushes. `never`: neither. Default: `pull-request` for `fix`, `never` for the other kinds.",
  );

/** The key `egress`. */
export const egress = listOf(
  text(
    HOST_RULE,
    "must be a host name in lowercase, like `example.com`, or `*.example.com` for all names below it",
  ),
  "host names, like `example.com`",
).describe(
  "The hosts that a session on the administrator's own machine can reach, besides those that Copilot needs. The administrator must allow each. Default: none.",
);

/** The key `checkout`. */
export const checkout = listOf(oneOf(CHECKOUT_PARTS), "parts, like `[lfs]`").describe(
  "What is checked out for a session on the administrator's own machine, besides the repository's own files. `lfs`: the files that are in Git LFS, instead of their pointers. `submodules`: the submodules that are repositories of the same owner, if the requester can read them. Default: none.",
);
