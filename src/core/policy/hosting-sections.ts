import { isRuleWithin } from "../isolation/hosts.ts";
import type { CheckoutPart, PushPolicy, Sharing } from "./hosting-terms.ts";
import { forAllKinds, settleEachKind } from "./by-kind.ts";
import type { PolicySettings } from "./schema.ts";
import type { ShownValue } from "./shown-value.ts";
import { asWritten } from "./shown-value.ts";
import type { Settling } from "./sources.ts";
import { firstIn } from "./sources.ts";
import type { Files } from "./triggers.ts";

/** Where the sessions of a kind run. */
export type RunsOn =
  | { readonly type: "cloud" }
  /** `labels`: what the machine must have, all of it. */
  | {
      readonly type: "self-hosted" | "self-hosted-if-blocked";
      readonly labels: readonly string[];
    };

/** Settles where sessions run, by kind. */
export function settleRunsOn(files: Files, settling: Settling) {
  return settleEachKind<RunsOn>("runs_on", files, settling, {
    said: ({ runs_on: said }) => {
      const entries = Object.entries(forAllKinds<RunsOn["type"], SaidRunsOn>(said));
      return Object.fromEntries(entries.map(([kind, value]) => [kind, runsOnOf(value)]));
    },
    builtIn: { default: { type: "cloud" } },
    tighten: tighterRunsOn,
    shown: showRunsOn,
  });
}

type SaidRunsOn = Extract<PolicySettings["runs_on"], object>[string] | RunsOn["type"];

function runsOnOf(said: SaidRunsOn): RunsOn {
  if (said === "cloud") return { type: said };
  if (typeof said === "string") return { type: said, labels: [] };
  const { "self-hosted": always, "self-hosted-if-blocked": ifBlocked = [] } = said;
  return always === undefined
    ? { type: "self-hosted-if-blocked", labels: distinctWords(ifBlocked) }
    : { type: "self-hosted", labels: distinctWords(always) };
}

const TIGHTEST_FIRST = ["cloud", "self-hosted-if-blocked", "self-hosted"] as const;

/**
 * A machine must have all labels, so each one leaves fewer machines: those of both files are the tightest that both
 * want, whatever else is decided.
 */
function tighterRunsOn(organization: RunsOn, repository: RunsOn): RunsOn {
  const types = new Set([organization.type, repository.type]);
  const type = TIGHTEST_FIRST.find((one) => types.has(one)) ?? "cloud";
  if (type === "cloud") return { type };
  return { type, labels: distinctWords([...labelsOf(organization), ...labelsOf(repository)]) };
}

function labelsOf(runsOn: RunsOn): readonly string[] {
  return runsOn.type === "cloud" ? [] : runsOn.labels;
}

/** Where sessions run, as it stands in the file. */
export function showRunsOn(runsOn: RunsOn): ShownValue {
  const labels = labelsOf(runsOn);
  if (labels.length === 0) return asWritten(runsOn.type);
  return asWritten(`{ ${runsOn.type}: [${labels.join(", ")}] }`);
}

/** Settles whether sessions on the administrator's machines are seen on GitHub, by kind. */
export function settleSharing(files: Files, settling: Settling) {
  return settleEachKind<Sharing>("share", files, settling, {
    said: ({ share }) => forAllKinds<Sharing, never>(share),
    builtIn: { default: "always" },
    // What isn't shared stays on the machine.
    tighten: firstIn(["never", "on-demand", "always"]),
    shown: asWritten,
  });
}

/** Settles what becomes of the commits of sessions on the administrator's machines, by kind. */
export function settlePush(files: Files, settling: Settling) {
  return settleEachKind<PushPolicy>("push", files, settling, {
    said: ({ push }) => forAllKinds<PushPolicy, never>(push),
    // The only built-in prompt that asks for a change is that of `fix`.
    builtIn: { default: "never", fix: "pull-request" },
    tighten: firstIn(["never", "branch", "pull-request"]),
    shown: asWritten,
  });
}

/** Settles what else is checked out for sessions on the administrator's machines. */
export function settleCheckout(files: Files, { settle }: Settling): readonly CheckoutPart[] {
  return settle<readonly CheckoutPart[]>(
    ["checkout"],
    {
      builtIn: [],
      organization: files.organization.checkout && distinctWords(files.organization.checkout),
      repository: files.repository.checkout && distinctWords(files.repository.checkout),
    },
    (organization, repository) => organization.filter((part) => repository.includes(part)),
    showWords,
  );
}

/** Settles which hosts sessions on the administrator's machines reach. */
export function settleEgress(files: Files, { settle }: Settling): readonly string[] {
  return settle<readonly string[]>(
    ["egress"],
    {
      builtIn: [],
      organization: files.organization.egress && distinctWords(files.organization.egress),
      repository: files.repository.egress && distinctWords(files.repository.egress),
    },
    hostsInBoth,
    showWords,
  );
}

/** What two lists both stand for. */
function hostsInBoth(organization: readonly string[], repository: readonly string[]) {
  return distinctWords([
    ...hostsWithin(organization, repository),
    ...hostsWithin(repository, organization),
  ]);
}

function hostsWithin(hosts: readonly string[], others: readonly string[]): readonly string[] {
  return hosts.filter((host) => others.some((other) => isRuleWithin(host, other)));
}

/** Hosts, or what's checked out, for people. */
export function showWords(words: readonly string[]): ShownValue {
  return { type: "lists", lists: [words], empty: "none" };
}

/** In an order of their own, so that lists of the same words are the same. */
function distinctWords<Word extends string>(words: readonly Word[]): readonly Word[] {
  return [...new Set(words)].toSorted();
}
