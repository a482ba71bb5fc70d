/** The headers in `name=value,name=value`, by their names; the values are decoded. */
export function headersByName(headers: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    headersIn(headers).flatMap(([name, value]) => (name === "" ? [] : [[name, decoded(value)]])),
  );
}

/** Names, and values as they are written there. */
export function headersIn(headers: string): readonly (readonly [name: string, value: string])[] {
  return headers.split(",").map((header) => {
    const at = header.indexOf("=");
    return [header.slice(0, Math.max(0, at)).trim(), header.slice(at + 1).trim()];
  });
}

/** As it's meant, where it's percent-encoded. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
