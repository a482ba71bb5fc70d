import { expect, test } from "vitest";
import { hostsOf } from "../../../src/core/github/hosts.ts";
import { comparePage, gitUrlOf } from "../../../src/core/github/repository-urls.ts";

test.each([
  ["github.com", {}, "https://github.com/octo-org/hello.git"],
  ["GHE.com", { GHE_HOST: "octocorp.ghe.com" }, "https://octocorp.ghe.com/octo-org/hello.git"],
  [
    "an Enterprise Server",
    { GHE_HOST: "ghe.example.com:8443" },
    "https://ghe.example.com:8443/octo-org/hello.git",
  ],
] as const)("Git reaches a repository of %s", (_, settings, url) => {
  const hosts = hostsOf({ GHE_PROTOCOL: "https", ...settings });
  expect(gitUrlOf(hosts, "octo-org", "hello")).toBe(url);
});

test("Git reaches one without TLS where that's configured", () => {
  const hosts = hostsOf({ GHE_HOST: "127.0.0.1:8080", GHE_PROTOCOL: "http" });
  expect(gitUrlOf(hosts, "octo-org", "hello")).toBe("http://127.0.0.1:8080/octo-org/hello.git");
});

test("two branches are compared where a pull request can be opened", () => {
  const hosts = hostsOf({ GHE_PROTOCOL: "https" });
  const repository = { owner: "octo-org", repository: "hello" };
  const branches = { base: "release/2.x", branch: "copilot/fix-7-0b4f9bd6?#" };
  expect(comparePage(hosts, repository, branches)).toBe(
    "https://github.com/octo-org/hello/compare/release/2.x...copilot/fix-7-0b4f9bd6%3F%23?expand=1",
  );
});
