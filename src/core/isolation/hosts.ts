const MAX_NAME = 253;
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
/** A name as in DNS: labels of letters, digits, and hyphens, and no number at the end, as IPv4 addresses have. */
const NAME = `(?=.{1,${MAX_NAME}}$)(?:${LABEL}\\.)+(?=[a-z])${LABEL}$`;
const HOST_NAME = new RegExp(`^${NAME}`, "u");

/** An entry of an allow-list, in small letters: `example.com`, or `*.example.com`. */
export const HOST_RULE = new RegExp(`^(?:\\*\\.)?${NAME}`, "u");

/** Whether an entry of an allow-list has a form that means something. */
export function isHostRule(rule: string): boolean {
  return HOST_RULE.test(rule.toLowerCase());
}

/** Whether one entry of an allow-list stands for nothing that another one doesn't stand for. */
export function isRuleWithin(rule: string, other: string): boolean {
  if (rule === other) return true;
  return other.startsWith("*.") && rule.replace(/^\*\./u, "").endsWith(other.slice(1));
}

/**
 * Whether an allow-list has a host. `*.example.com` stands for all names below it, not for itself. An address is on no
 * list.
 */
export function isHostListed(host: string, rules: readonly string[]): boolean {
  const name = host.toLowerCase().replace(/\.$/u, "");
  if (!isName(name)) return false;
  return rules.some((rule) =>
    rule.startsWith("*.")
      ? name.endsWith(rule.slice(1).toLowerCase())
      : name === rule.toLowerCase(),
  );
}

function isName(name: string): boolean {
  return HOST_NAME.test(name.toLowerCase());
}

/** Where a client of a proxy wants to be connected. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** Reads what stands behind CONNECT (RFC 9110, section 9.3.6), which may be anything. */
export function readTarget(authority: string): Target {
  const { host = "", port = "0" } =
    /^(?<host>.*):(?<port>\d{1,5})$/su.exec(authority.slice(0, MAX_NAME + 6))?.groups ?? {};
  return { host, port: Number(port) };
}
