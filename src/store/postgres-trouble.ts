import { CannotStart } from "../core/error/cannot-start.ts";
import { messageOf } from "../core/error/thrown.ts";

/** Where the database is, without its password. */
interface Place {
  readonly server: string;
  readonly database: string;
  readonly user: string;
}

/** Codes of the network, and of a server that starts, ends, or has no free connections: they may pass. */
const OUTAGES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refuses connections",
  ECONNRESET: "closed the connection",
  EPIPE: "closed the connection",
  ETIMEDOUT: "doesn't respond",
  EHOSTUNREACH: "can't be reached",
  ENETUNREACH: "can't be reached",
  EAI_AGAIN: "can't be looked up: the DNS server doesn't respond",
  "57P01": "is shutting down",
  "57P02": "has crashed",
  "57P03": "is starting",
  "53300": "has no free connections",
};

/** Node's and OpenSSL's names for a certificate that isn't accepted, and why. */
const CERTIFICATE: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "is signed by an authority that this machine doesn't trust",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "is signed by an authority that this machine doesn't trust",
  UNABLE_TO_GET_ISSUER_CERT: "is signed by an authority that this machine doesn't trust",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "is signed by an authority that this machine doesn't trust",
  CERT_HAS_EXPIRED: "has expired",
  CERT_NOT_YET_VALID: "isn't valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "is for another host name",
};

/**
 * What keeps the bot from PostgreSQL at its start, with the fix; null for what is neither the server's nor the
 * network's. The codes: https://www.postgresql.org/docs/current/errcodes-appendix.html. Where there is none, the
 * sentences of pg 8.23.
 */
export function postgresProblem(error: unknown, place: Place): CannotStart | null {
  const code = postgresCodeOf(error) ?? "";
  const message = messageOf(error);
  const outage = outageIn(code, message);
  if (outage !== null) {
    const fix = "Start it, or fix the host and port in DATABASE_URL";
    const sentence = `PostgreSQL at ${place.server} ${outage}. ${fix}.`;
    return new CannotStart("outage", sentence, { cause: error });
  }
  const sentence = refusalIn(code, message, place) ?? tlsProblemIn(code, message, place);
  if (sentence === null) return null;
  return new CannotStart("configuration", `${sentence}.`, { cause: error });
}

function outageIn(code: string, message: string): string | null {
  const known = OUTAGES[code];
  if (known !== undefined) return known;
  if (code === "ENOENT" && message.startsWith("connect ")) return "has no socket there";
  if (code.startsWith("08") && code !== "08P01") return "closed the connection";
  return /timeout exceeded|terminated/iu.test(message) && code === "" ? "doesn't respond" : null;
}

function refusalIn(code: string, message: string, place: Place): string | null {
  const { server, database, user } = place;
  const refuses = `PostgreSQL at ${server} refuses`;
  switch (code) {
    case "ENOTFOUND":
      return `The host in DATABASE_URL, ${server}, doesn't exist. Fix it`;
    case "EACCES":
    case "EPERM":
      return `This user can't use the socket in ${server}. Fix DATABASE_URL, or the socket's permissions`;
    case "28P01":
      return `${refuses} the password of ${quoted(user)}. Fix it in DATABASE_URL, with special characters percent-encoded`;
    case "28000":
      return refusedUser(message, place);
    case "3D000":
      return `PostgreSQL at ${server} has no database ${quoted(database || user)}. Create it, or fix its name in DATABASE_URL`;
    case "08P01":
      return message.includes("startup parameter")
        ? `DATABASE_URL points to a connection pooler, which refuses a setting of the bot's connections. Point it to PostgreSQL itself: the bot listens for notifications, which poolers in transaction mode don't pass on`
        : null;
    case "42501":
      return `PostgreSQL at ${server} doesn't let ${quoted(user)} use the database ${quoted(database)}: ${message}. Grant what's missing; see docs/operations.md`;
    default:
      return message.includes("password must be a string")
        ? `PostgreSQL at ${server} requires a password for ${quoted(user)}. Add it to DATABASE_URL`
        : null;
  }
}

function refusedUser(message: string, { server, database, user }: Place): string {
  if (/^role .* does not exist$/u.test(message)) {
    return `PostgreSQL at ${server} has no role ${quoted(user)}. Create it, or fix the user in DATABASE_URL`;
  }
  if (message.includes("no PostgreSQL user name")) {
    return "DATABASE_URL names no user. Add one: postgres://USER:PASSWORD@HOST:PORT/DATABASE";
  }
  const rule = message.includes("no encryption")
    ? "add ?sslmode=verify-full to DATABASE_URL, or "
    : "";
  return `PostgreSQL at ${server} doesn't let ${quoted(user)} connect to ${quoted(database)} from here: ${rule}allow it in pg_hba.conf`;
}

function tlsProblemIn(code: string, message: string, { server }: Place): string | null {
  const why = CERTIFICATE[code];
  if (why !== undefined) {
    return `The certificate of PostgreSQL at ${server} ${why}. Save the authority's certificate in a file and set NODE_EXTRA_CA_CERTS to its path, add &sslrootcert=FILE to DATABASE_URL, or give the server a valid certificate`;
  }
  if (message.includes("does not support SSL")) {
    return `PostgreSQL at ${server} doesn't offer TLS, which DATABASE_URL requires. Turn it on there, or remove sslmode from DATABASE_URL`;
  }
  if (code === "ENOENT" && message.includes("open '")) {
    return "DATABASE_URL names a certificate file (sslrootcert, sslcert or sslkey) that doesn't exist. Fix its path";
  }
  return /^ERR_(?:SSL|TLS|OSSL)_|^EPROTO$/u.test(code)
    ? `TLS with PostgreSQL at ${server} failed (${code}). Fix sslmode in DATABASE_URL, or TLS on the server`
    : null;
}

function quoted(name: string): string {
  return `"${name}"`;
}

/** The code of an error, or of what caused it. */
export function postgresCodeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ("code" in error && typeof error.code === "string") return error.code;
  const [first]: unknown[] = error instanceof AggregateError ? error.errors : [];
  return postgresCodeOf(first) ?? postgresCodeOf(error.cause);
}
