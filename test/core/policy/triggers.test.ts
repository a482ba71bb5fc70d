import { describe, expect, test } from "vitest";
import { kindOfLabel } from "../../../src/core/policy/policy.ts";
import { policyOf, sourceOf } from "./files.ts";

describe("labels", () => {
  const organization = "labels: { copilot:fix: null, copilot:Look: review }\n";

  test("are merged one by one, and case does not count", () => {
    const policy = policyOf(organization, "labels: { copilot:x: fix, copilot:look: ask }");
    expect([...policy.labels]).toEqual([
      ["copilot:triage", "triage"],
      ["copilot:review", "review"],
      ["copilot:look", "ask"],
      ["copilot:x", "fix"],
    ]);
    expect(kindOfLabel(policy, "Copilot:LOOK")).toBe("ask");
    expect(kindOfLabel(policy, "copilot:fix")).toBeNull();
    expect(kindOfLabel(policy, "constructor")).toBeNull();
    expect(kindOfLabel(policyOf("", "labels: { copilot:look: null }"), "copilot:look")).toBeNull();
  });

  test("that are enforced can only be taken away", () => {
    const enforced = `${organization}enforced: [labels]\n`;
    const repository =
      "labels: { copilot:x: fix, copilot:look: ask, copilot:triage: null, copilot:fix: fix, copilot:review: review }";
    const policy = policyOf(enforced, repository);
    expect([...policy.labels]).toEqual([
      ["copilot:review", "review"],
      ["copilot:look", "review"],
    ]);
    expect(sourceOf("labels.copilot:x", enforced, repository)).toBe("built in, enforced, not fix");
    expect(sourceOf("labels.copilot:look", enforced, repository)).toBe(
      "organization, enforced, not ask",
    );
    expect(sourceOf("labels.copilot:triage", enforced, repository)).toBe("repository, enforced");
    expect(sourceOf("labels.copilot:fix", enforced, repository)).toBe(
      "organization, enforced, not fix",
    );
    expect(sourceOf("labels.copilot:review", enforced, repository)).toBe("built in, enforced");
  });
});

describe("commands", () => {
  test("are merged one by one; what one doesn't set stays as before", () => {
    const organization =
      "commands: { triage: { kind: triage, description: Ours. }, review: null, port: { kind: fix, example: /copilot port it } }";
    const repository = "commands: { triage: triage, fix: review, ask: null, port: fix }";
    expect([...policyOf(organization, repository).commands]).toEqual([
      [
        "triage",
        {
          kind: "triage",
          description: "Ours.",
          example: "/copilot triage look at the parser first",
        },
      ],
      [
        "fix",
        {
          kind: "review",
          description: "Starts a task of the kind review.",
          example: "/copilot fix",
        },
      ],
      [
        "port",
        {
          kind: "fix",
          description: "Starts a task of the kind fix.",
          example: "/copilot port it",
        },
      ],
    ]);
  });

  test("that are enforced can only be taken away", () => {
    const organization = "enforced: [commands]\ncommands: { port: fix, ask: null }";
    const repository = "commands: { port: review, ask: ask, fix: null, more: fix, triage: triage }";
    expect([...policyOf(organization, repository).commands.keys()]).toEqual([
      "triage",
      "review",
      "port",
    ]);
    expect(policyOf(organization, repository).commands.get("port")?.kind).toBe("fix");
    expect(sourceOf("commands.port", organization, repository)).toBe(
      "organization, enforced, not review: Starts a task of the kind review",
    );
  });
});

describe("prompts", () => {
  const organization = "prompts: { fix: Ours., port: { path: port.md } }\n";
  const repository = "prompts: { fix: { path: .github/fix.md }, triage: 'Look at {{ subject }}.' }";

  test("are merged one by one", () => {
    expect([...policyOf(organization, repository).prompts]).toEqual([
      ["triage", { type: "inline", of: "repository", template: "Look at {{ subject }}." }],
      ["fix", { type: "path", of: "repository", path: ".github/fix.md" }],
      ["review", { type: "built in" }],
      ["ask", { type: "built in" }],
      ["port", { type: "path", of: "organization", path: "port.md" }],
    ]);
  });

  test("that are enforced are the organization's, and else those that are built in", () => {
    const enforced = `${organization}enforced: [prompts]\n`;
    const more = `${repository.slice(0, -1)}, deploy: Deploy. }\nlabels: { copilot:deploy: deploy }\ncommands: { deploy: deploy, fix: deploy, port: port }\npermissions: { deploy: { least: admin } }`;
    const policy = policyOf(enforced, more);
    expect([...policy.prompts]).toEqual([...policyOf(enforced).prompts]);
    expect(sourceOf("prompts.fix", enforced, repository)).toBe(
      "organization, enforced, not .github/fix.md",
    );
    expect(sourceOf("prompts.triage", enforced, repository)).toBe(
      "built in, enforced, not a template of 22 characters",
    );
    // What has lost its prompt is gone; the file was right and still is.
    expect(kindOfLabel(policy, "copilot:deploy")).toBeNull();
    expect([...policy.commands.keys()]).toEqual(["triage", "review", "ask", "port"]);
    expect(sourceOf("labels.copilot:deploy", enforced, more)).toBe(
      "organization, enforced, not deploy",
    );
  });
});
