import ipaddr from "ipaddr.js";

/** Global unicast: all public IPv6 addresses are in it (RFC 4291, IANA's registry). */
const GLOBAL_IPV6 = ipaddr.parseCIDR("2000::/3");

/** In a public range, but answered by the machine's own host: Azure's agent for virtual machines. */
const OF_THE_HOST = new Set(["168.63.129.16"]);

/**
 * Whether an address belongs to somebody on the internet. Private, loopback, link-local (which has cloud providers'
 * metadata), shared (CGNAT), multicast, and reserved ones don't, nor do IPv6 addresses that stand for an IPv4 one.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || OF_THE_HOST.has(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || parsed.match(GLOBAL_IPV6);
}
