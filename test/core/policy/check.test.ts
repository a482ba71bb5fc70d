import { describe, expect, test } from "vitest";
import { merge } from "./files.ts";

function problems(organization: string, repository: string): string[] {
  const result = merge(organization, repository);
  if (result.type !== "problems") return [];
  return result.problems.map(
    ({ of, line, column, message }) => `${of} ${line}:${column} ${message}`,
  );
}

describe("what is wrong only with the files together", () => {
  test("is a kind without a prompt", () => {
    const organization =
      "labels:\n  copilot:port: port\ncommands:\n  port: { kind: port }\n  look: rview\n";
    const repository = "labels: { copilot:x: portt }\npermissions:\n  tirage: { least: admin }\n";
    expect(problems(organization, repository)).toMatchInlineSnapshot(`
      [
        "organization 2:17 the kind \`port\` has no prompt in \`prompts\`: use one of \`triage\`, \`fix\`, \`review\`, \`ask\`",
        "organization 4:17 the kind \`port\` has no prompt in \`prompts\`: use one of \`triage\`, \`fix\`, \`review\`, \`ask\`",
        "organization 5:9 the kind \`rview\` has no prompt in \`prompts\`: did you mean \`review\`?",
        "repository 1:22 the kind \`portt\` has no prompt in \`prompts\`: use one of \`triage\`, \`fix\`, \`review\`, \`ask\`",
        "repository 3:3 the kind \`tirage\` has no prompt in \`prompts\`: did you mean \`triage\`?",
      ]
    `);
    expect(problems("prompts: { port: Port. }", "labels: { copilot:x: port }")).toEqual([]);
    expect(problems("labels: { copilot:x: port }", "prompts: { port: Port. }")).toEqual([]);
    expect(problems("labels: { copilot:x: port }", "labels: { copilot:X: null }")).toEqual([]);
    expect(problems("permissions: { port: { least: admin } }", "")).toEqual([]);
    expect(problems("", "commands: { a: constructor, b: valueof }")).toMatchInlineSnapshot(`
      [
        "repository 1:16 the kind \`constructor\` has no prompt in \`prompts\`: use one of \`triage\`, \`fix\`, \`review\`, \`ask\`",
        "repository 1:32 the kind \`valueof\` has no prompt in \`prompts\`: use one of \`triage\`, \`fix\`, \`review\`, \`ask\`",
      ]
    `);
  });

  test.each([
    ["permissions", "{ least: admin }"],
    ["model", "gpt"],
    ["reasoning_effort", "high"],
    ["identity", "bot"],
    ["runs_on", "self-hosted"],
    ["share", "never"],
    ["push", "never"],
  ])("is what a repository says of a kind without a prompt: %s", (section, value) => {
    const misspelled = `${section}: { default: ${value}, fx: ${value} }`;
    const column = misspelled.indexOf("fx") + 1;
    expect(problems("", misspelled)).toEqual([
      `repository 1:${column} the kind \`fx\` has no prompt in \`prompts\`: did you mean \`fix\`?`,
    ]);
    // A repository may have its own.
    expect(problems(misspelled, "")).toEqual([]);
    expect(problems(misspelled, "prompts: { fx: Fix it. }")).toEqual([]);
  });

  test("is a label that the bot would set and that starts tasks", () => {
    const running = "labels_after: { running: Copilot:Fix, failed: copilot:port }";
    expect(problems(running, "")).toMatchInlineSnapshot(`
      [
        "organization 1:26 the bot would add \`Copilot:Fix\` itself (\`labels_after.running\`), but this label starts tasks: choose another label",
      ]
    `);
    expect(problems(running, "labels: { copilot:fix: null }")).toEqual([]);
    expect(problems("", `labels: { copilot:port: fix }\n${running}`)).toMatchInlineSnapshot(`
      [
        "repository 2:26 the bot would add \`Copilot:Fix\` itself (\`labels_after.running\`), but this label starts tasks: choose another label",
        "repository 2:47 the bot would add \`copilot:port\` itself (\`labels_after.failed\`), but this label starts tasks: choose another label",
      ]
    `);
    expect(problems("labels_after: { failed: copilot:port }", "labels: { copilot:Port: fix }"))
      .toMatchInlineSnapshot(`
        [
          "repository 1:25 the bot would add \`copilot:port\` itself (\`labels_after.failed\`), but this label starts tasks: choose another label",
        ]
      `);
  });

  test("is a label for two things", () => {
    expect(problems("labels_after: { running: x, failed: X }", "forks: deny"))
      .toMatchInlineSnapshot(`
      [
        "organization 1:37 \`labels_after.failed\` is the same label as \`labels_after.running\`: choose another label",
      ]
    `);
    expect(problems("labels_after: { running: x }", "labels_after: { failed: X }"))
      .toMatchInlineSnapshot(`
      [
        "repository 1:25 \`labels_after.failed\` is the same label as \`labels_after.running\`: choose another label",
      ]
    `);
    expect(problems("labels_after: { failed: x }", "labels_after: { running: X }"))
      .toMatchInlineSnapshot(`
      [
        "repository 1:26 \`labels_after.failed\` is the same label as \`labels_after.running\`: choose another label",
      ]
    `);
  });
});
