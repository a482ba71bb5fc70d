import { expect, test } from "vitest";
import { isPublicAddress } from "../../../src/core/isolation/addresses.ts";
import { isHostListed, isHostRule } from "../../../src/core/isolation/hosts.ts";

test.for(["8.8.8.8", "140.82.121.4", "2606:50c0:8000::153", "2a00:1450:4001::1"])(
  "%s is public",
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.for([
  "10.0.0.1",
  "172.16.0.1",
  "192.168.1.1",
  "127.0.0.1",
  "127.1",
  "0x7f.1",
  "2130706433",
  "0.0.0.0",
  "100.64.0.1",
  "100.100.100.200",
  "169.254.169.254",
  "168.63.129.16",
  "192.0.0.192",
  "192.0.2.1",
  "198.18.0.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::8.8.8.8",
  "::ffff:127.0.0.1",
  "::ffff:8.8.8.8",
  "64:ff9b::7f00:1",
  "64:ff9b:1::1",
  "100::1",
  "2001::1",
  "2001:db8::1",
  "2002:7f00:1::",
  "5f00::1",
  "fc00::1",
  "fd00:ec2::254",
  "fe80::1",
  "fe80::1%eth0",
  "fec0::1",
  "ff02::1",
  "github.com",
  "",
])("%s isn't public", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.for([
  ["github.com", ["github.com"], true],
  ["GitHub.com.", ["github.com"], true],
  ["api.github.com", ["github.com"], false],
  ["api.github.com", ["*.github.com"], true],
  ["a.b.github.com", ["*.github.com"], true],
  ["github.com", ["*.github.com"], false],
  ["evilgithub.com", ["*.github.com"], false],
  ["github.com.evil.com", ["github.com", "*.github.com"], false],
  ["127.0.0.1", ["127.0.0.1"], false],
  ["[::1]", ["[::1]"], false],
  ["::1", ["::1"], false],
  ["0x7f000001", ["0x7f000001"], false],
  ["localhost", ["localhost"], false],
  ["a\n.github.com", ["*.github.com"], false],
  ["a%00.github.com", ["*.github.com"], false],
  [".github.com", ["*.github.com"], false],
  ["", ["*."], false],
] as const)("%j on the list %j: %s", ([host, rules, isListed]) => {
  expect(isHostListed(host, rules)).toBe(isListed);
});

test.for([
  ["github.com", true],
  ["*.example.co.uk", true],
  ["xn--bcher-kva.example", true],
  ["*", false],
  ["*.com", false],
  ["*.*.example.com", false],
  ["exam*ple.com", false],
  ["https://example.com", false],
  ["example.com:443", false],
  ["10.0.0.1", false],
] as const)("%j as an entry of the list: %s", ([rule, isRule]) => {
  expect(isHostRule(rule)).toBe(isRule);
});
