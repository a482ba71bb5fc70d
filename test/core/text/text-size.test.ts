import { describe, expect, test } from "vitest";
import { leftOutOf } from "../../../src/core/text/left-out.ts";
import { echo } from "../../../src/core/text/plain.ts";
import { shownWhole } from "../../../src/core/text/shown.ts";
import { visibleIn } from "../../../src/core/text/visible.ts";
import { whatEnds } from "../../watchdog.ts";

/** Six times as long as GitHub takes a text, and as long as HTML that is read whole. */
const LENGTH = 390_000;

// All of these grew with the square of the length, and took minutes at this one.
describe("a text of any length is read in a time that grows with its length:", () => {
  test.each<[string, (length: number) => unknown]>([
    ["blanks in code", (n) => visibleIn(`<pre><code>x${" ".repeat(n)}\n</code></pre>`)],
    ["blanks in inline code", (n) => visibleIn(`<p><code>x${" ".repeat(n)}x</code></p>`)],
    ["blanks in the agent's text", (n) => echo(`x${" ".repeat(n)}x`, 1_500)],
    ["blanks in a request", (n) => shownWhole(`x${" ".repeat(n)}x`)],
    ["tabs in a request", (n) => shownWhole(`x${"\t".repeat(n)}x`)],
    ["images beside much text", (n) => leftOutOf("![zq](x)".repeat(n / 50), "z ".repeat(n / 2))],
  ])("%s", (_, read) => {
    expect(() => whatEnds(() => read(LENGTH))).not.toThrow();
  });
});
