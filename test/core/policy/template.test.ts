import { describe, expect, test } from "vitest";
import { BUILT_IN_PROMPTS } from "../../../src/core/policy/built-in-prompts.ts";
import type { PromptVariables } from "../../../src/core/policy/template.ts";
import { checkTemplate, renderTemplate } from "../../../src/core/policy/template.ts";
import { problemsIn } from "./files.ts";

const VARIABLES: PromptVariables = {
  owner: "octo-org",
  repository: "hello",
  branch: '"main"',
  commit: "7e069271b2ee5d2b3d3c9b6a9b0f3a2d1c4e5f60",
  subject: "issue #7",
  subject_url: "https://github.com/octo-org/hello/issues/7",
  subject_type: "issue",
  subject_number: 7,
  requester: "writer",
  kind: "fix",
};

describe("a template in a policy file is wrong, with the file's line and column,", () => {
  test("wherever it stands", () => {
    expect(
      problemsIn(`prompts:
  triage: |
    Triage {{ subject }}
      by {{ requestor }},

    and {{ title }}.
  fix: |2

     {% inclde 'x' %}
  review: >
    folded
    {{ titel }}
  ask: "Ask {{ kin }}"
  a: 'It''s {{ kin }}'
  b: Ask {{ kin }} # plain
  c: two
    lines {{ kin }}
`),
    ).toMatchInlineSnapshot(`
      [
        "4:13 template \`prompts.triage\`: unknown variable \`requestor\`: did you mean \`requester\`?",
        "6:12 template \`prompts.triage\`: unknown variable \`title\`: use one of \`owner\`, \`repository\`, \`branch\`, \`commit\`, \`subject\`, \`subject_url\`, \`subject_type\`, \`subject_number\`, \`requester\`, \`kind\`",
        "9:6 template \`prompts.fix\`: unknown tag \`inclde\`: use one of \`assign\`, \`break\`, \`capture\`, \`case\`, \`comment\`, \`continue\`, \`for\`, \`if\`, \`raw\`, \`unless\`",
        "10:11 template \`prompts.review\`: unknown variable \`titel\`: use one of \`owner\`, \`repository\`, \`branch\`, \`commit\`, \`subject\`, \`subject_url\`, \`subject_type\`, \`subject_number\`, \`requester\`, \`kind\`",
        "13:16 template \`prompts.ask\`: unknown variable \`kin\`: did you mean \`kind\`?",
        "14:6 template \`prompts.a\`: unknown variable \`kin\`: did you mean \`kind\`?",
        "15:13 template \`prompts.b\`: unknown variable \`kin\`: did you mean \`kind\`?",
        "16:6 template \`prompts.c\`: unknown variable \`kin\`: did you mean \`kind\`?",
      ]
    `);
    expect(problemsIn("prompts:\r\n  fix: |\r\n    Fix\r\n    {{ kin }}\r\n")).toEqual([
      "4:8 template `prompts.fix`: unknown variable `kin`: did you mean `kind`?",
    ]);
  });

  test("whatever is wrong", () => {
    expect(
      problemsIn(`prompts:
  triage: "{{ kind | upcas }}"
  fix: "{% if kind %}"
  review: "{{ kind"
  ask: "{% render 'x' %}"
  a: ""
  b: { path: ../secret }
  c: { path: /etc/passwd }
  d: { path: a/./b }
  e: { file: a.md }
  f: {}
  default: x
`),
    ).toMatchInlineSnapshot(`
      [
        "2:12 template \`prompts.triage\`: Liquid reports \`undefined filter: upcas\`",
        "3:9 template \`prompts.fix\`: Liquid reports \`tag {% if kind %} not closed\`",
        "4:12 template \`prompts.review\`: Liquid reports \`output "{{ kind" not closed\`",
        "5:9 template \`prompts.ask\`: unknown tag \`render\`: use one of \`assign\`, \`break\`, \`capture\`, \`case\`, \`comment\`, \`continue\`, \`for\`, \`if\`, \`raw\`, \`unless\`",
        "6:6 \`prompts.a\` must not be empty",
        "7:14 \`prompts.b.path\` must be a path from the root of the repository, like \`.github/copilot/fix.md\`, with letters, digits, and \`._-/\` only",
        "8:14 \`prompts.c.path\` must be a path from the root of the repository, like \`.github/copilot/fix.md\`, with letters, digits, and \`._-/\` only",
        "9:14 \`prompts.d.path\` must be a path from the root of the repository, like \`.github/copilot/fix.md\`, with letters, digits, and \`._-/\` only",
        "10:3 \`prompts.e.path\` is missing",
        "10:8 unknown key \`file\`: the only one is \`path\`",
        "11:3 \`prompts.f.path\` is missing",
        "12:3 \`default\` can't be the name of a kind: under \`permissions\` it stands for all other kinds",
      ]
    `);
    expect(problemsIn("prompts:\n  fix: {{ kind }}\n")).toMatchInlineSnapshot(`
      [
        "2:9 invalid YAML: use a string as key, and put a value that begins with \`{\` in quotes",
      ]
    `);
    expect(problemsIn(`prompts: { fix: "${"x".repeat(20_001)}" }`)).toMatchInlineSnapshot(`
      [
        "1:17 \`prompts.fix\` must have at most 20,000 characters",
      ]
    `);
  });
});

function firstProblemIn(template: string): string {
  const [first] = checkTemplate(template);
  return first === undefined ? "" : `${first.line}:${first.column} ${first.message}`;
}

describe("a template is wrong", () => {
  test.each([
    ["{{ title }}", "1:4 unknown variable `title`"],
    ["\n  {{ owner.login }} {{ body[kind] }}", "2:24 unknown variable `body`"],
    ["{% for passage in passages %}{{ passage }}{% endfor %}", "1:19 unknown variable `passages`"],
    ["{% include '.env' %}", "1:1 unknown tag `include`"],
    ["{% render '.env' %}", "1:1 unknown tag `render`"],
    ["{% layout '.env' %}", "1:1 unknown tag `layout`"],
    ["{% block a %}{% endblock %}", "1:1 unknown tag `block`"],
    ["{% liquid\n include '.env'\n%}", "1:1 unknown tag `liquid`"],
    ["{% fore x in y %}", "1:1 unknown tag `fore`: did you mean `for`?"],
    ["a\n{{ kind | read_file }}", "2:1 Liquid reports `undefined filter: read_file`"],
    ["{% if kind %}", "1:1 Liquid reports `tag {% if kind %} not closed`"],
    ["{{ kind", '1:1 Liquid reports `output "{{ kind" not closed`'],
  ])("%j", (template, problem) => {
    expect(firstProblemIn(template)).toContain(problem);
    expect(renderTemplate(template, VARIABLES)).toHaveProperty("type", "problems");
  });

  test("that is too much to parse", () => {
    expect(firstProblemIn("{{kind}}".repeat(500))).toBe("");
    expect(firstProblemIn("{{kind}}".repeat(501))).toBe("1:1 more than 500 `{{` and `{%`");
    expect(firstProblemIn(`{{ ${"(".repeat(15_000)} }}`)).toBe("1:1 nested too deeply");
  });

  test("only when it is rendered", () => {
    expect(checkTemplate("{{ owner.login }}")).toEqual([]);
    expect(renderTemplate("\n{{ owner.login }}", VARIABLES)).toMatchInlineSnapshot(`
      {
        "problems": [
          {
            "column": 4,
            "line": 2,
            "message": "Liquid reports \`undefined variable: owner.login\`",
          },
        ],
        "type": "problems",
      }
    `);
    const much = `{% for i in (1..3) %}${"1234567".repeat(1_000)}{% endfor %}`;
    expect(renderTemplate(much, VARIABLES)).toEqual({
      type: "problems",
      problems: [{ line: 1, column: 1, message: "its output has more than 20,000 characters" }],
    });
    const long = "{% for i in (1..100000000) %}{{ i }}{% endfor %}";
    expect(checkTemplate(long)).toEqual([]);
    expect(renderTemplate(long, VARIABLES)).toMatchInlineSnapshot(`
      {
        "problems": [
          {
            "column": 1,
            "line": 1,
            "message": "Liquid reports \`memory alloc limit exceeded\`",
          },
        ],
        "type": "problems",
      }
    `);
    const doubled = `{% assign a = kind %}${"{% assign a = a | append: a %}".repeat(60)}{{ a }}`;
    expect(renderTemplate(doubled, VARIABLES)).toMatchInlineSnapshot(`
      {
        "problems": [
          {
            "column": 532,
            "line": 1,
            "message": "Liquid reports \`memory alloc limit exceeded\`",
          },
        ],
        "type": "problems",
      }
    `);
  });
});

describe("a template is rendered", () => {
  test.each([
    ["Fix {{ subject }} at {{ commit | slice: 0, 7 }}.", "Fix issue #7 at 7e06927."],
    ["{% if subject_type == 'issue' %}a{% else %}b{% endif %}", "a"],
    ["{% unless subject_number > 7 %}a{% endunless %}", "a"],
    ["{% case kind %}{% when 'fix' %}a{% else %}b{% endcase %}", "a"],
    ["{% assign x = kind | upcase %}{% capture y %}{{ x }}!{% endcapture %}{{ y }}", "FIX!"],
    ["{% for i in (1..3) %}{{ i }}{% endfor %}{% raw %}{{ x }}{% endraw %}", "123{{ x }}"],
    ["{% comment %}{{ kind }}{% endcomment %}", ""],
    ["\n{{ branch }} of {{ owner }}/{{ repository }}\n", '"main" of octo-org/hello'],
    ["{{ subject_url }} {{ requester }}", "https://github.com/octo-org/hello/issues/7 writer"],
  ])("%j", (template, text) => {
    expect(checkTemplate(template)).toEqual([]);
    expect(renderTemplate(template, VARIABLES)).toEqual({ type: "text", text });
  });

  test.each([...BUILT_IN_PROMPTS])("the built-in one of %s", (_kind, template) => {
    expect(renderTemplate(template, VARIABLES)).toHaveProperty("type", "text");
  });
});
