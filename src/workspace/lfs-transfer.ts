import { lookup } from "node:dns";
import type { IncomingMessage, RequestOptions } from "node:http";
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { isIP } from "node:net";
import { isPublicAddress } from "../core/isolation/addresses.ts";

/** A request, and whom it may go to. */
interface Transfer extends Pick<RequestOptions, "method" | "headers"> {
  readonly body?: string;
  /** Whether it goes to GitHub itself, which may be in a private network; everybody else must have a public address. */
  readonly isGitHub: boolean;
  readonly signal: AbortSignal;
}

/**
 * Sends one request. Redirects aren't followed, and the proxy of the bot's settings isn't used, as with Git.
 *
 * @throws when there's no response
 */
export async function transfer(
  url: URL,
  { body, isGitHub, signal, method = "GET", headers = {} }: Transfer,
): Promise<IncomingMessage> {
  // A host that is an address already is looked up by nobody.
  const address = url.hostname.replace(/^\[(.*)\]$/u, "$1");
  if (!isGitHub && isIP(address) !== 0) assertPublic(url.hostname, [{ address }]);
  const send = url.protocol === "https:" ? secureRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method,
      headers,
      signal,
      // What was connected for others isn't used: each address is examined.
      agent: false,
      ...(isGitHub ? {} : { lookup: lookupPublic }),
    });
    request.once("response", resolve);
    request.on("error", reject);
    request.end(body);
  });
}

/** A name's addresses, if all of them are public: the connection goes to one that was examined. */
const lookupPublic: LookupFunction = (name, options, done) => {
  lookup(name, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    try {
      if (error !== null) throw error;
      if (first === undefined) throw new Error(`${name} has no address`);
      assertPublic(name, addresses);
      if (options.all === true) done(null, addresses);
      else done(null, first.address, first.family);
    } catch (failed) {
      done(failed instanceof Error ? failed : new Error(String(failed)), "");
    }
  });
};

function assertPublic(name: string, addresses: readonly { readonly address: string }[]): void {
  if (addresses.every(({ address }) => isPublicAddress(address))) return;
  throw new Error(`${name} isn't a public address`);
}

/**
 * Reads a short response.
 *
 * @throws when it's too long
 */
export async function readText(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`A response of more than ${maxBytes} bytes`);
  }
  return Buffer.concat(chunks).toString();
}
