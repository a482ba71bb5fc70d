import { isSet } from "./renamed.ts";

/** Names that both cases are in use for. */
const NAMES = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"] as const;

type Variables = Readonly<Record<string, string | undefined>>;

/** The variables of a proxy by their names in capitals. Where both cases are set, the lower one counts, as in curl; a blank one doesn't. */
export function proxyVariables(variables: Variables): Variables {
  return Object.fromEntries(
    NAMES.map((name) => [name, variables[spelledIn(variables, name)]] as const).filter(
      ([, value]) => isSet(value),
    ),
  );
}

/** How a proxy variable is spelled where it's set; other names are spelled as they are. */
export function spelledIn(variables: Variables, name: string): string {
  const lower = name.toLowerCase();
  return NAMES.some((one) => one === name) && isSet(variables[lower]) ? lower : name;
}

/** What is wrong with a proxy's URL, as a sentence without its subject and without any part of the value. */
export function proxyUrlProblem(value: string): string | null {
  const [, rest = ""] = /^https?:\/\/(?<rest>.+)$/iu.exec(value) ?? [];
  const end = rest.lastIndexOf("@");
  const isEscaped = end < 0 || !/[@/?#]/u.test(rest.slice(0, end));
  if (rest !== "" && isEscaped && URL.canParse(value)) return null;
  return "must be the URL of an HTTP proxy, like http://proxy.example.com:3128, with special characters in the user and password percent-encoded (@ as %40, / as %2F, ? as %3F, # as %23)";
}

/** Never through a proxy, which would look for them on its own machine. */
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** What goes past the proxy: the entries of `NO_PROXY`, and this machine itself. */
export function noProxyEntries(noProxy: string): readonly string[] {
  const entries = noProxy.split(/[\s,]+/u).filter((entry) => entry !== "");
  return [...new Set([...entries, ...LOOPBACK])];
}
