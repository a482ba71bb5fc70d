import { describe, expect, test } from "vitest";
import { BUILT_IN_PROMPTS } from "../../../src/core/built-in-prompts.ts";
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
        "4:13 the template \`prompts.triage\`: unknown variable \`requestor\`: did you mean \`requester\`?",
        "6:12 the template \`prompts.triage\`: unknown variable \`title\`: there are \`owner\`, \`repository\`, \`branch\`, \`commit\`, \`subject\`, \`subject_url\`, \`subject_type\`, \`subject_number\`, \`requester\`, \`kind\`",
        "9:6 the template \`prompts.fix\`: unknown tag \`inclde\`: there are \`assign\`, \`break\`, \`capture\`, \`case\`, \`comment\`, \`continue\`, \`for\`, \`if\`, \`raw\`, \`unless\`",
        "10:11 the template \`prompts.review\`: unknown variable \`titel\`: there are \`owner\`, \`repository\`, \`branch\`, \`commit\`, \`subject\`, \`subject_url\`, \`subject_type\`, \`subject_number\`, \`requester\`, \`kind\`",
        "13:16 the template \`prompts.ask\`: unknown variable \`kin\`: did you mean \`kind\`?",
        "14:6 the template \`prompts.a\`: unknown variable \`kin\`: did you mean \`kind\`?",
        "15:13 the template \`prompts.b\`: unknown variable \`kin\`: did you mean \`kind\`?",
        "16:6 the template \`prompts.c\`: unknown variable \`kin\`: did you mean \`kind\`?",
      ]
    `);
    expect(problemsIn("prompts:\r\n  fix: |\r\n    Mend\r\n    {{ kin }}\r\n")).toEqual([
      "4:8 the template `prompts.fix`: unknown variable `kin`: did you mean `kind`?",
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
        "2:12 the template \`prompts.triage\`: Liquid says \`undefined filter: upcas\`",
        "3:9 the template \`prompts.fix\`: Liquid says \`tag {% if kind %} not closed\`",
        "4:12 the template \`prompts.review\`: Liquid says \`output "{{ kind" not closed\`",
        "5:9 the template \`prompts.ask\`: unknown tag \`render\`: there are \`assign\`, \`break\`, \`capture\`, \`case\`, \`comment\`, \`continue\`, \`for\`, \`if\`, \`raw\`, \`unless\`",
        "6:6 \`prompts.a\` must say something",
        "7:14 \`prompts.b.path\` must be a path from the root of the repository, e.g. \`.github/copilot/fix.md\`, of letters, digits and \`._-/\`",
        "8:14 \`prompts.c.path\` must be a path from the root of the repository, e.g. \`.github/copilot/fix.md\`, of letters, digits and \`._-/\`",
        "9:14 \`prompts.d.path\` must be a path from the root of the repository, e.g. \`.github/copilot/fix.md\`, of letters, digits and \`._-/\`",
        "10:3 \`prompts.e.path\` is missing",
        "10:8 unknown key \`file\`: there is only \`path\`",
        "11:3 \`prompts.f.path\` is missing",
        "12:3 \`default\` is no name for a kind: under \`permissions\` it stands for all the others",
      ]
    `);
    expect(problemsIn("prompts:\n  fix: {{ kind }}\n")).toMatchInlineSnapshot(`
      [
        "2:9 this is not YAML: a key must be a word, and a value that begins with \`{\` must be in quotes",
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
    ["a\n{{ kind | read_file }}", "2:1 Liquid says `undefined filter: read_file`"],
    ["{% if kind %}", "1:1 Liquid says `tag {% if kind %} not closed`"],
    ["{{ kind", '1:1 Liquid says `output "{{ kind" not closed`'],
  ])("%j", (template, problem) => {
    expect(firstProblemIn(template)).toContain(problem);
    expect(renderTemplate(template, VARIABLES)).toHaveProperty("problems");
  });

  test("that is too much to parse", () => {
    expect(firstProblemIn("{{kind}}".repeat(500))).toBe("");
    expect(firstProblemIn("{{kind}}".repeat(501))).toBe("1:1 more than 500 `{{` and `{%`");
    expect(firstProblemIn(`{{ ${"(".repeat(15_000)} }}`)).toBe("1:1 nested too deep");
  });

  test("only when it is rendered", () => {
    expect(checkTemplate("{{ owner.login }}")).toEqual([]);
    expect(renderTemplate("\n{{ owner.login }}", VARIABLES)).toMatchInlineSnapshot(`
      {
        "problems": [
          {
            "column": 4,
            "line": 2,
            "message": "Liquid says \`undefined variable: owner.login\`",
          },
        ],
      }
    `);
    const much = "{% for i in (1..3000) %}1234567{% endfor %}";
    expect(renderTemplate(much, VARIABLES)).toEqual({
      problems: [{ line: 1, column: 1, message: "it makes more than 20,000 characters" }],
    });
    const long = "{% for i in (1..100000000) %}{{ i }}{% endfor %}";
    expect(checkTemplate(long)).toEqual([]);
    expect(renderTemplate(long, VARIABLES)).toMatchInlineSnapshot(`
      {
        "problems": [
          {
            "column": 1,
            "line": 1,
            "message": "Liquid says \`memory alloc limit exceeded\`",
          },
        ],
      }
    `);
    const doubled = `{% assign a = kind %}${"{% assign a = a | append: a %}".repeat(60)}{{ a }}`;
    expect(renderTemplate(doubled, VARIABLES)).toMatchInlineSnapshot(`
      {
        "problems": [
          {
            "column": 532,
            "line": 1,
            "message": "Liquid says \`memory alloc limit exceeded\`",
          },
        ],
      }
    `);
  });
});

describe("a template is rendered", () => {
  test.each([
    ["Mend {{ subject }} at {{ commit | slice: 0, 7 }}.", "Mend issue #7 at 7e06927."],
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
    expect(renderTemplate(template, VARIABLES)).toEqual({ text });
  });

  test.each([...BUILT_IN_PROMPTS])("the built-in one of %s", (_kind, template) => {
    expect(renderTemplate(template, VARIABLES)).toHaveProperty("text");
  });
});
