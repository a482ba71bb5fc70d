import { defineConfig } from "rolldown";

/**
 * The bot in a file for each part that is loaded at a time of its own: a start that finds and reads twenty files
 * takes half as long as one that reads five hundred (docs/performance.md). All of them lie beside each other in
 * `dist/`, one directory below package.json, as src/main.ts does.
 */
export default defineConfig({
  input: "src/main.ts",
  platform: "node",
  // A program of its own, which the SDK looks for among the packages.
  external: [/^node:/u, /^@github\/copilot(?:$|\/)/u],
  transform: { target: "node24" },
  output: { dir: "dist", format: "esm", sourcemap: true },
  // bottleneck can use Redis, hides that from bundlers, and is not asked to.
  checks: { eval: false },
});
