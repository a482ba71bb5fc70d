/** Where the database is, without the password, e.g. for messages. */
export interface DatabasePlace {
  /** `HOST:PORT`, or the path of a socket's directory. */
  readonly server: string;
  /** Empty where the URL names none: PostgreSQL then takes the user's name. */
  readonly database: string;
  /** Empty where the URL names none. */
  readonly user: string;
}

/** As libpq and psql take it in addition to URLs: `host=… dbname=…`. */
const KEY_VALUE = /^\s*[a-z_]+\s*=/iu;
/** A user and password end at the last @. Not escaped, these characters end them sooner, in whatever is read then. */
const UNESCAPED = /[@/?#]/u;

/**
 * What is wrong with the form of a `DATABASE_URL`, as a sentence without its subject and without any part of the
 * value; null when nothing is. A password with characters that aren't escaped is noticed here, before a part of
 * it is taken for the host.
 */
export function databaseUrlProblem(value: string): string | null {
  if (KEY_VALUE.test(value)) return KEY_VALUE_FORM;
  const [, rest] = /^postgres(?:ql)?:\/\/(?<rest>.*)$/su.exec(value) ?? [];
  if (rest === undefined) return "must be a URL that begins with postgres://";
  const end = rest.lastIndexOf("@");
  if (end >= 0 && UNESCAPED.test(rest.slice(0, end))) return UNESCAPED_CHARACTERS;
  if (!URL.canParse(value))
    return "isn't a valid URL. Check that its host is right and that its port is a number";
  const { host, searchParams } = new URL(value);
  const port = searchParams.get("port") ?? "5432";
  if (!/^\d{1,5}$/u.test(port) || Number(port) > 65_535)
    return "has an invalid port: use a number up to 65535";
  if (host.includes(",")) {
    return "names several hosts. Name one, or a DNS name that points to the current primary";
  }
  return null;
}

const KEY_VALUE_FORM =
  "is in libpq's key=value form. Write it as a URL: postgres://USER:PASSWORD@HOST:PORT/DATABASE, or, for a socket, postgres:///DATABASE?host=/var/run/postgresql&user=USER";
const UNESCAPED_CHARACTERS =
  "has unescaped special characters. In the user and the password, write @ as %40, / as %2F, ? as %3F, # as %23";

/** Where a valid `DATABASE_URL` points to. */
export function databasePlace(value: string): DatabasePlace {
  const { hostname, port, pathname, username, searchParams } = new URL(value);
  const host = searchParams.get("host") ?? decoded(hostname);
  const isSocket = host.startsWith("/");
  const server = isSocket
    ? host
    : `${host || "localhost"}:${searchParams.get("port") ?? (port || "5432")}`;
  const user = searchParams.get("user") ?? decoded(username);
  return { server, database: decoded(pathname.slice(1)), user };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
