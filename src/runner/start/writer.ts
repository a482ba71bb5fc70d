import { mentionOf } from "../../core/command/mention.ts";
import { instructionsOf } from "../../core/prompt/instructions.ts";
import { describeTemplateProblems } from "../../core/comment/settings.ts";
import type { Prompt } from "../../core/prompt/prompt.ts";
import { renderPrompt } from "../../core/prompt/prompt.ts";
import type { Subject } from "../../core/access/survey.ts";
import type { HostingTerms } from "../../core/task/hosting.ts";
import type { Task } from "../../core/task/task.ts";
import { ownBranchOf } from "../../core/task/own-branch.ts";
import { branchOfTask } from "../../core/workspace/names.ts";
import type { Halted, Outcomes } from "../report/outcomes.ts";
import type { Admitted } from "../receive/gate.ts";
import type { Policies } from "../receive/policies.ts";
import type { Ports } from "../../ports/ports.ts";
import { createTrust } from "./trust.ts";

/** What of an admitted task its prompt is written from. */
type Described = Pick<Admitted, "task" | "survey" | "policy">;

/** Writes the prompt of an admitted task, or ends the task where that cannot be done. */
export interface Writer {
  /** @param hosting how its session runs on a machine of the administrator's; null for one in GitHub's cloud */
  write(admitted: Described, hosting: HostingTerms | null): Promise<Prompt | Halted>;
}

interface Parts {
  readonly ports: Ports;
  readonly outcomes: Outcomes;
  readonly policies: Policies;
  /** Origin of the GitHub that subjects are on. */
  readonly origin: string;
}

/** What a prompt is written from, beside its task. */
interface Writing {
  readonly template: string;
  readonly subject: Subject;
  readonly hosting: HostingTerms | null;
}

/** A writer over its parts. */
export function createWriter({ ports, outcomes, policies, origin }: Parts): Writer {
  const trust = createTrust(ports);

  async function wrongPolicy(task: Task, problems: string): Promise<Halted> {
    const denial = { reason: "policy_wrong", problems } as const;
    const granted = await outcomes.granted(task);
    return { type: "halted", next: await outcomes.denied(granted, denial, true) };
  }

  async function render({ task, survey }: Described, { template, subject, hosting }: Writing) {
    const { branch, commit, kind } = task.decision;
    if (branch === null || commit === null || kind === null) {
      throw new TypeError(`task ${task.id} was not admitted yet`);
    }
    const slug = task.trigger.type === "command" ? await ports.github.slug.asked() : null;
    const mention = slug === null ? null : mentionOf(slug);
    return renderPrompt({
      kind,
      template,
      owner: task.place.owner,
      repository: task.place.repository,
      place: { branch, commit },
      hosted: hosting === null ? null : { ...hosting, branch: branchOfTask(ownBranchOf(task)) },
      subjectType: task.subject.type,
      subjectNumber: task.subject.number,
      subject,
      ...instructionsOf(task, survey.command, mention),
      untrustedComments: survey.subject.comments.length - subject.comments.length,
      requester: task.requester.login,
      requesterRole: task.requester.role ?? "none",
      github: origin,
      nonce: ports.nonce(),
    });
  }

  return {
    async write(admitted, hosting) {
      const { task, survey, policy } = admitted;
      const kind = task.decision.kind ?? "";
      const asked = await outcomes.guard(task, async () => ({
        template: await policies.templateOf(task, survey, policy, kind),
        subject: policy.context === "all" ? survey.subject : await trust.only(task, survey.subject),
      }));
      if (asked.type === "halted") return asked;
      const { template, subject } = asked.value;
      if (template.type === "problems") return wrongPolicy(task, template.problems);
      const writing = { template: template.template, subject, hosting };
      const prompt = await render(admitted, writing);
      if (prompt.type === "prompt") return prompt;
      return wrongPolicy(task, describeTemplateProblems(kind, prompt.problems));
    },
  };
}
