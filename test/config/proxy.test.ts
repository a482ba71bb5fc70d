import { describe, expect, test } from "vitest";
import { readEnvironment } from "../../src/config/environment.ts";
import { proxyVariables } from "../../src/config/proxy.ts";
import { REQUIRED } from "./required.ts";

describe("a proxy is set in capitals or in small letters", () => {
  const here = "localhost,127.0.0.1,[::1]";

  test.each([
    [{ HTTPS_PROXY: "http://a:1" }, { HTTPS_PROXY: "http://a:1", NO_PROXY: here }],
    [{ https_proxy: "http://a:1" }, { HTTPS_PROXY: "http://a:1", NO_PROXY: here }],
    [{ https_proxy: "http://a:1", HTTPS_PROXY: "http://b:2" }, { HTTPS_PROXY: "http://a:1" }],
    [{ https_proxy: " ", HTTPS_PROXY: "http://b:2" }, { HTTPS_PROXY: "http://b:2" }],
    [{ http_proxy: "https://u:p%40@a:1" }, { HTTP_PROXY: "https://u:p%40@a:1" }],
    [{ no_proxy: ".example.com, 10.0.0.1" }, { NO_PROXY: `.example.com,10.0.0.1,${here}` }],
    [{ NO_PROXY: "*" }, { NO_PROXY: `*,${here}` }],
    [{ NO_PROXY: "localhost" }, { NO_PROXY: here }],
  ])("%j", (variables, settings) => {
    expect(readEnvironment({ ...REQUIRED, ...variables })).toMatchObject(settings);
  });
});

test("what reads the environment before it's checked takes no blank proxy either", () => {
  const variables = { https_proxy: "", HTTPS_PROXY: "http://b:2", NO_PROXY: " " };
  expect(proxyVariables(variables)).toEqual({ HTTPS_PROXY: "http://b:2" });
});

test.each([
  [{ https_proxy: "b:2", HTTPS_PROXY: "http://a:1" }, "HTTPS_PROXY (set as https_proxy)"],
  [{ https_proxy: " ", HTTPS_PROXY: "b:2" }, "HTTPS_PROXY"],
])("a wrong proxy is named as it's set: %j", (variables, name) => {
  expect(() => readEnvironment({ ...REQUIRED, ...variables })).toThrow(`  ${name} must be`);
});
