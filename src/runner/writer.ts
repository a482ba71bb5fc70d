import type { Prompt } from "../core/prompt.ts";
import { renderPrompt } from "../core/prompt.ts";
import { inlineCode } from "../core/plain-text.ts";
import type { Subject } from "../core/survey.ts";
import type { Task } from "../core/task.ts";
import type { TemplateProblem } from "../core/policy/template.ts";
import type { Ending, Next } from "./ending.ts";
import type { Admitted } from "./gate.ts";
import type { Policies } from "./policies.ts";
import type { Ports } from "./ports.ts";
import { createTrust } from "./trust.ts";

/** Writes the prompt of an admitted task, or ends the task where that cannot be done. */
export interface Writer {
  write(admitted: Admitted): Promise<{ readonly prompt: Prompt } | { readonly next: Next }>;
}

interface Parts {
  readonly ports: Ports;
  readonly ending: Ending;
  readonly policies: Policies;
  /** Origin of the GitHub that subjects are on. */
  readonly origin: string;
}

/** A writer over its parts. */
export function createWriter({ ports, ending, policies, origin }: Parts): Writer {
  const trust = createTrust(ports);

  function wrongPolicy(task: Task, problems: string): Promise<Next> {
    return ending.denied(task, { reason: "policy_wrong", problems }, true);
  }

  function render(admitted: Admitted, template: string, subject: Subject) {
    const { task, survey } = admitted;
    const { branch, commit, kind } = task;
    if (branch === null || commit === null || kind === null) {
      throw new TypeError(`task ${task.id} was not admitted yet`);
    }
    return renderPrompt({
      ...task,
      kind,
      template,
      place: { branch, commit },
      subject,
      untrustedComments: survey.subject.comments.length - subject.comments.length,
      requesterRole: task.requesterRole ?? "none",
      github: origin,
      nonce: ports.nonce(),
    });
  }

  return {
    async write(admitted) {
      const { task, survey, policy } = admitted;
      const kind = task.kind ?? "";
      const asked = await ending.guard(task, async () => ({
        template: await policies.templateOf(task, survey, policy, kind),
        subject: policy.context === "all" ? survey.subject : await trust.only(task, survey.subject),
      }));
      if ("next" in asked) return asked;
      const { template, subject } = asked.value;
      if ("problems" in template) return { next: await wrongPolicy(task, template.problems) };
      const prompt = render(admitted, template.template, subject);
      if ("text" in prompt) return { prompt };
      return { next: await wrongPolicy(task, describeTemplate(kind, prompt.problems)) };
    },
  };
}

function describeTemplate(kind: string, problems: readonly TemplateProblem[]): string {
  const list = problems.map(({ line, column, message }) => {
    return `- line ${line}, column ${column}: ${message}`;
  });
  return [`The template ${inlineCode(`prompts.${kind}`)} cannot be used:`, "", ...list].join("\n");
}
