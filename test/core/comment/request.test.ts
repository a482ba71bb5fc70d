import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  canAnswerHere,
  requestLines,
  withheldInComment,
} from "../../../src/core/comment/request.ts";
import { storableRequest } from "../../../src/core/session/request.ts";
import { shownWhole } from "../../../src/core/text/shown.ts";
import { asked, permissionOf } from "../asking.ts";
import { readMarkdown } from "../markdown.ts";
import { runs } from "../../runs.ts";

const PAGE = "https://github.com/octo-org/hello/tasks/5f9c2b1e";
const waysWith = (id: string) => ({
  id,
  owner: null,
  elsewhere: { type: "page", url: PAGE } as const,
  isOpen: true,
});
const WAYS = waysWith("0b4f9bd6 a1b2");
const shown = (request: object) =>
  requestLines({ code: "a1b2", asking: permissionOf(request) }, WAYS).join("\n");
const shell = (fullCommandText: string) => ({ kind: "shell", fullCommandText });

const SIGNS = [
  "a",
  "b",
  "\\",
  "u",
  "{",
  "}",
  "⟨",
  "⟩",
  " ",
  "\n",
  "\t",
  "\r",
  "\u200B",
  "\u202E",
  "1",
  "0",
];

describe("any text is shown whole", () => {
  test.each([
    ["what is visible", "npm test -- --grep 'ä 漢字 🙂'", "npm test -- --grep 'ä 漢字 🙂'"],
    ["lines and tabs", "if x\n\tthen y", "if x\n\tthen y"],
    ["a zero-width space", "rm\u200B -rf", "rm\\u{200B} -rf"],
    ["a change of direction", "a\u202Eb\u2066c", "a\\u{202E}b\\u{2066}c"],
    ["a terminal's sequence", "a\u001B[2Kb", "a\\u{1B}[2Kb"],
    ["a carriage return", "rm -rf /\recho ok\r\n", "rm -rf /\\u{D}echo ok\\u{D}\n"],
    ["nothing at all", "a\u0000b", "a\\u{0}b"],
    [
      "other spaces",
      "a\u00A0b\u3000c\u2028d\u2029e\u0085f",
      "a\\u{A0}b\\u{3000}c\\u{2028}d\\u{2029}e\\u{85}f",
    ],
    ["what only looks blank", "a\u2800b\u3164c\u115Fd", "a\\u{2800}b\\u{3164}c\\u{115F}d"],
    ["selectors and tags", "a\uFE0Fb\u{E0041}\u{E0100}c", "a\\u{FE0F}b\\u{E0041}\\u{E0100}c"],
    ["a soft hyphen", "a\u00ADb", "a\\u{AD}b"],
    ["half a character", "a\uD800b", "a\\u{D800}b"],
    ["40 spaces", `a${" ".repeat(40)}b`, `a${" ".repeat(40)}b`],
    ["600 spaces", `a${" ".repeat(600)}b`, "a⟨600 spaces⟩b"],
    ["50 tabs behind 41 spaces", `a${" ".repeat(41)}${"\t".repeat(50)}b`, "a⟨41 spaces⟩⟨50 tabs⟩b"],
    ["200 empty lines", `a${"\n".repeat(200)}b`, "a⟨200 line ends⟩\nb"],
    ["200 lines of blanks", `a\n${"  \n".repeat(200)}b`, "a⟨201 line ends⟩\nb"],
    ["a long line", `${"x".repeat(130)};y`, `${"x".repeat(120)}⟨continues⟩\n${"x".repeat(10)};y`],
    [
      "signs like its own",
      "⟨600 spaces⟩ \\u{200B} \\n",
      "\\u{27E8}600 spaces\\u{27E9} \\u{5C}u{200B} \\n",
    ],
  ])("%s", (_, text, expected) => {
    expect(shownWhole(text)).toBe(expected);
  });

  test("so that no two texts look the same, and nothing in them is invisible", () => {
    const piece = fc.constantFrom(...SIGNS, "\\u{", "⟨", " ".repeat(41));
    const text = fc
      .array(piece, { maxLength: 12 })
      .map((all) => all.join(""))
      // How many blanks stand in many empty lines is the one thing that's not shown.
      .filter((all) => !/(?:[ \t]*\n){11}/u.test(all));
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(shownWhole(one) === shownWhole(other)).toBe(one === other);
        expect(shownWhole(one)).not.toMatch(/(?![\n\t ])[\p{C}\p{Z}]|.{140}/u);
      }),
      { numRuns: runs(2_000) },
    );
  });
});

describe("a request for permission shows", () => {
  test("the command whole, and what begins or ends like a key too", () => {
    const command = "echo start\n```\n</details>\n<!-- -->\n@octocat";
    expect(shown(shell(command))).toContain(`\n\n\`\`\`\`sh\n${command}\n\`\`\`\``);
  });

  test("all arguments of an MCP tool", () => {
    const args = {
      owner: "octo-org",
      draft: false,
      files: [{ path: "a.ts", content: "x" }],
      body: "one\ntwo",
      "`evil`": "",
    };
    const request = {
      kind: "mcp",
      serverName: "github",
      toolName: "push_files",
      toolTitle: "Push",
      args,
    };
    expect(shown({ ...request, readOnly: false })).toMatchInlineSnapshot(`
      "> [!IMPORTANT]
      > Copilot wants to use this tool:

      - server: \`github\`
      - tool: \`push_files\`
      - title: \`Push\`
      - argument owner: \`octo-org\`
      - argument draft: \`false\`
      - argument \`\` \`evil\` \`\`: (empty)
      - read only: \`false\`
      - argument files:

      \`\`\`
      [
        {
          "path": "a.ts",
          "content": "x"
        }
      ]
      \`\`\`

      - argument body:

      \`\`\`
      one
      two
      \`\`\`

      Reply with **\`/copilot approve 0b4f9bd6 a1b2\`** or **\`/copilot deny 0b4f9bd6 a1b2\`**, or decide [in Mission Control](https://github.com/octo-org/hello/tasks/5f9c2b1e)."
    `);
  });

  test("names of arguments so that no two look the same", () => {
    const names = ["a b", "a\nb", "a\tb", "a  b", " a b", "a b ", " a b ", "`".repeat(90)];
    const args = Object.fromEntries(names.map((name) => [name, 1]));
    const { code } = readMarkdown(shown({ kind: "mcp", toolName: "t", args }));
    expect(code).toEqual(
      expect.arrayContaining([
        String.raw`a\u{A}b`,
        String.raw`a\u{9}b`,
        "a  b",
        String.raw`\u{20}a b`,
        String.raw`a b\u{20}`,
        String.raw`\u{20}a b\u{20}`,
        `${"`".repeat(79)}${String.raw`\u{60}`.repeat(11)}`,
      ]),
    );
  });

  test("a choice that is empty too", () => {
    const question = { question: "Where?", choices: ["", "a"] };
    const asking = asked("user_input.requested", question);
    expect(requestLines({ code: "c", asking }, waysWith("i c"))).toEqual(
      expect.arrayContaining(["- choice: (empty)", "- choice: `a`"]),
    );
  });

  test("each address of a request, where it was redirected from too", () => {
    const lines = shown({
      kind: "url",
      url: "https://example.com/a?b=c#d",
      redirectedFrom: "https://github.com/",
      intention: "Read",
    });
    expect(lines).toContain("- url: `https://example.com/a?b=c#d`");
    expect(lines).toContain("- redirected from: `https://github.com/`");
  });

  test("the diff of a file that is written, or its contents", () => {
    const write = { kind: "write", fileName: "a.ts", intention: "Fix" };
    const diff = "--- a/a.ts\n+++ b/a.ts\n-one\n+two";
    expect(shown({ ...write, diff, newFileContents: "two" })).toContain(
      `- path: \`a.ts\`\n- Copilot's reason: \`Fix\`\n- diff:\n\n\`\`\`diff\n${diff}\n\`\`\``,
    );
    expect(shown({ ...write, diff: "", newFileContents: "two\n" })).toContain(
      "- new contents:\n\n```\ntwo\n\n```",
    );
  });

  test("that it's done outside of the sandbox", () => {
    const request = { ...shell("ls"), requestSandboxBypass: true, requestSandboxBypassReason: "x" };
    const lines = shown(request);
    expect(lines).toContain("- outside the sandbox: `true`");
    expect(lines).toContain("- why outside the sandbox: `x`");
  });

  test("everything of a kind that isn't known", () => {
    const lines = shown({ kind: "new", target: "prod", how: { force: true }, "<b>": "x" });
    expect(lines).toContain("- target: `prod`");
    expect(lines).toContain('- how:\n\n```\n{\n  "force": true\n}\n```');
    expect(lines).toContain("- `<b>`: `x`");
  });

  test("the plan itself, and how it goes on", () => {
    const data = {
      summary: "Short",
      planContent: "1. All",
      actions: ["a", "b"],
      recommendedAction: "b",
    };
    const lines = requestLines(
      { code: "c", asking: asked("exit_plan_mode.requested", data) },
      waysWith("i c"),
    ).join("\n");
    expect(lines).toContain("`Short`\n\n```\n1. All\n```\n\nThen it continues as `b`.\n");
  });

  test("how a plan goes on, on one line", () => {
    const data = { summary: "Short", actions: ["a\n\nReply with b"] };
    const asking = asked("exit_plan_mode.requested", data);
    expect(requestLines({ code: "c", asking }, waysWith("i c")).join("\n")).toContain(
      "\nThen it continues as `a\\u{A}\\u{A}Reply with b`.\n",
    );
  });
});

const TOKEN = `ghp_${"a1B2".repeat(9)}`;
const KEY = "-----BEGIN PRIVATE KEY-----";

describe("what can't be shown as it is can't be approved from the thread", () => {
  test.each([
    ["a command that is too long", shell(`${"# x\n".repeat(6_000)}rm -rf /`), "too_long"],
    ["a command that is too long when it's escaped", shell("\u200B".repeat(15_000)), "too_long"],
    [
      "too many arguments",
      { kind: "mcp", args: { a: "x".repeat(15_000), b: "y".repeat(15_000) } },
      "too_long",
    ],
    [
      "a diff that is too long",
      { kind: "write", fileName: "a", diff: "+x\n".repeat(9_000) },
      "too_long",
    ],
    ["a token", shell(`curl -H 'Authorization: Bearer ${TOKEN}' x`), "credential"],
    ["a token in pieces", shell(`echo ${TOKEN.slice(0, 9)}\u200B${TOKEN.slice(9)}`), "credential"],
    [
      "what is written like a key",
      shell(`echo '${KEY}'; rm -rf /; echo '-----END PRIVATE KEY-----'`),
      "credential",
    ],
    ["what begins like a key", shell(`echo '${KEY}'\nrm -rf /`), "credential"],
    ["a password in an address", { kind: "url", url: "https://a:b1c2@example.com/" }, "credential"],
    [
      "a secret behind its name",
      { kind: "mcp", args: { aws_secret_access_key: "a/b+C".repeat(8) } },
      "credential",
    ],
    ["a token in the name of an argument", { kind: "mcp", args: { [TOKEN]: 1 } }, "credential"],
  ] as const)("%s", (_, request, withheld) => {
    const asking = permissionOf({ intention: "Look", ...request });
    expect(withheldInComment(asking)).toBe(withheld);
    const lines = requestLines({ code: "a1b2", asking: asking }, WAYS).join("\n");
    expect(lines).not.toContain("/copilot approve");
    expect(lines).toContain("`/copilot deny 0b4f9bd6 a1b2`");
    expect(lines).toMatch(/too long to show here|looks like a credential/u);
    expect(lines).toContain("- Copilot's reason: `Look`");
    expect(readMarkdown(lines).code.join("\n")).not.toMatch(/rm -rf|a1B2/u);
  });

  test("and a credential isn't stored", () => {
    const asking = permissionOf({ ...shell(`echo ${TOKEN}`), intention: `Use ${TOKEN}` });
    expect(JSON.stringify(storableRequest(asking))).not.toContain("a1B2");
    const question = asked("user_input.requested", { question: TOKEN, choices: [TOKEN] });
    expect(JSON.stringify(storableRequest(question))).not.toContain("a1B2");
    const plan = asked("exit_plan_mode.requested", {
      summary: TOKEN,
      planContent: TOKEN,
      actions: [],
    });
    expect(JSON.stringify(storableRequest(plan))).not.toContain("a1B2");
    const next = asked("exit_plan_mode.requested", { summary: "Short", actions: [TOKEN] });
    expect(withheldInComment(next)).toBe("credential");
    expect(JSON.stringify(storableRequest(next))).not.toContain("a1B2");
  });
});

describe("a request that only Mission Control can take the answer of offers no command", () => {
  const question = { type: "question", question: "Where?", choices: [], freeform: true } as const;
  test.each([
    ["a question of before a restart", { asking: question, elsewhere: true }],
    ["a form", { asking: { ...question, freeform: false } }],
    [
      "a plan of before a restart",
      { asking: { type: "plan", summary: "- Fix it", actions: [] }, elsewhere: true },
    ],
    [
      "what is too long to be shown",
      { asking: { ...question, withheld: "too_long" }, elsewhere: true },
    ],
  ] as const)("%s", (_what, rest) => {
    const request = { code: "a1b2", ...rest };
    const text = requestLines(request, WAYS).join("\n");
    expect(text).not.toContain("/copilot");
    expect(text).toMatch(/(?:You can only answer this|Answer) \[in Mission Control\]\(\S+\)\.$/u);
    expect(canAnswerHere(request)).toBe(false);
  });
});

test("a shell that names its command in no other way is shown by the command's parts", () => {
  const commands = [{ identifier: "rm", readOnly: false }];
  expect(shown({ kind: "shell", fullCommandText: null, commands })).toContain('"identifier": "rm"');
  expect(shown({ ...shell("rm -r x"), commands })).not.toContain("identifier");
});
