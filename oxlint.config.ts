import type { OxlintOverride } from "oxlint";
import { defineConfig } from "oxlint";

/** What each room of `src` may import, besides itself and packages. Whatever isn't listed is forbidden. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  ports: ["core"],
  config: ["core"],
  http: ["core", "ports"],
  github: ["core", "ports"],
  copilot: ["core", "ports"],
  store: ["core", "ports"],
  queue: ["core", "ports"],
  identity: ["core", "ports"],
  isolation: ["core", "ports"],
  workspace: ["core", "ports"],
  hosting: ["core", "ports", "isolation", "workspace"],
  worker: ["core", "ports"],
  web: ["core", "ports"],
  metrics: ["core", "ports"],
  tracing: ["core", "ports"],
  runner: ["core", "ports"],
  doctor: ["core", "ports", "config", "github", "copilot", "store", "isolation"],
  app: [
    "core",
    "ports",
    "config",
    "http",
    "github",
    "copilot",
    "store",
    "queue",
    "worker",
    "identity",
    "isolation",
    "workspace",
    "hosting",
    "web",
    "metrics",
    "tracing",
    "runner",
    "doctor",
  ],
};

/** Packages with effects, and Node's own modules: the core takes what they bring as arguments. */
const IMPURE = "^(?:node:|probot$|@octokit/|@github/|kysely$|p-queue$|pino$)";

function forbidden(room: string, mayImport: readonly string[], depth: number) {
  const others = Object.keys(MAY_IMPORT).filter(
    (other) => other !== room && !mayImport.includes(other),
  );
  const patterns = [
    {
      regex: `^(?:\\.\\./){${depth}}(?:(?:${others.join("|")})/|[^/]+$)`,
      message: `src/${room} may import only: ${mayImport.join(", ") || "itself"} (oxlint.config.ts).`,
    },
  ];
  if (room !== "core") return patterns;
  return [...patterns, { regex: IMPURE, message: "The core imports only pure libraries." }];
}

/** For each room one rule for its files, one for those in its folders, and one for folders in these. */
const boundaries = Object.entries(MAY_IMPORT).flatMap(([room, mayImport]) =>
  [1, 2, 3].map((depth): OxlintOverride => ({
    files: [`src/${room}/${"*/".repeat(depth - 1)}*.ts`],
    rules: {
      "eslint/no-restricted-imports": ["error", { patterns: forbidden(room, mayImport, depth) }],
    },
  })),
);

/** Blank lines and comments don't count. */
function linesUpTo(max: number) {
  return { max, skipBlankLines: true, skipComments: true };
}

export default defineConfig({
  plugins: ["eslint", "typescript", "unicorn", "oxc", "import", "node", "promise"],
  categories: { correctness: "error", suspicious: "error", perf: "error" },
  rules: {
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/switch-exhaustiveness-check": [
      "error",
      { considerDefaultExhaustiveForUnions: true },
    ],
    "typescript/consistent-type-imports": "error",
    "import/no-cycle": ["error", { ignoreTypes: false }],
    "import/no-default-export": "error",
    "eslint/eqeqeq": "error",
    "eslint/no-console": "error",
    "eslint/max-lines-per-function": [
      "error",
      { max: 60, skipBlankLines: true, skipComments: true },
    ],
    "eslint/max-lines": ["error", linesUpTo(300)],
    "eslint/no-await-in-loop": "off",
    "unicorn/no-array-sort": "off",
    "import/no-unassigned-import": "off",
  },
  overrides: [
    {
      files: ["src/core/**/*.ts"],
      rules: {
        "eslint/no-restricted-globals": [
          "error",
          { name: "process", message: "The core is pure: take it as an argument." },
          { name: "fetch", message: "The core is pure: no network." },
          { name: "setTimeout", message: "The core is pure: no clock." },
        ],
        "eslint/no-restricted-properties": [
          "error",
          { object: "Date", property: "now", message: "The core is pure: pass the time in." },
          { object: "Math", property: "random", message: "The core is pure: pass chance in." },
        ],
      },
    },
    { files: ["src/**/*.ts"], rules: { "eslint/max-lines": ["error", { max: 250 }] } },
    ...boundaries,
    { files: ["test/**/*.ts"], rules: { "eslint/max-lines-per-function": "off" } },
    { files: ["*.config.ts", "test/coverage.ts"], rules: { "import/no-default-export": "off" } },
    { files: ["sandbox/**/*.ts", "script/**/*.ts"], rules: { "eslint/no-console": "off" } },
  ],
});
