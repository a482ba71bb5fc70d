type Variables = Readonly<Record<string, string | undefined>>;

/** Those of text editors and web pages, which no reader of `.env` removes. */
const CURLY = /^\s*[“”„‟‘’‚‛«»](?<inside>.*)[“”„‟‘’‚‛«»]\s*$/su;

/**
 * The variables without curly quotation marks around their values, so that the values can be judged, and a sentence
 * for each that had some.
 */
export function withoutCurlyMarks(
  variables: Variables,
  known: ReadonlySet<string>,
): { readonly variables: Variables; readonly problems: readonly string[] } {
  const straight = Object.entries(variables).flatMap(([name, value]) => {
    const inside = CURLY.exec(value ?? "")?.groups?.["inside"];
    return inside === undefined || !known.has(name) ? [] : [[name, inside] as const];
  });
  return {
    variables: { ...variables, ...Object.fromEntries(straight) },
    problems: straight.map(
      ([name]) =>
        `${name} is in curly quotation marks (“…”). Remove them, or use straight ones (")`,
    ),
  };
}

/** Whoever gives variables to a container keeps the quotation marks of `.env` in them. */
export function quotedSecrets(set: Variables): readonly string[] {
  return ["WEBHOOK_SECRET", "GITHUB_CLIENT_SECRET", "OAUTH_APP_CLIENT_SECRET"]
    .filter((name) => /^(?<quote>["']).*\k<quote>$/su.test(set[name]?.trim() ?? ""))
    .map((name) => `${name} is in quotation marks. Remove them`);
}
