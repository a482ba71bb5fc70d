import { beforeAll, describe, expect, it } from "vitest";
import type { Behavior } from "../../sandbox/mission-control/behavior.ts";
import type { FaultPoint, Stage } from "./cut-off-bot.ts";
import { asking, cutOff, hanging, LIMIT_MS, logged } from "./cut-off-bot.ts";
import { isComplete } from "../runs.ts";
import { canAttach } from "./world.ts";

/** A moment, and what the thread must say in the end. */
interface Story extends FaultPoint {
  readonly thread: "started" | "interrupted";
  /** Sessions created, and prompts taken, in the end. */
  readonly sessions: number;
  readonly prompts: number;
}

/** Two bots start, and each of the steps is reached. */
const HOOK_MS = 180_000;

const COMMENTS = String.raw`issues/1/comments`;
const A_COMMENT = String.raw`issues/comments/\d+`;
const STARTED = { thread: "started", sessions: 1, prompts: 1 } as const;
const INTERRUPTED = { thread: "interrupted", sessions: 1, prompts: 0 } as const;
const NOT_CREATED = { thread: "interrupted", sessions: 0, prompts: 0 } as const;
/** The next bot delivers the prompt if it can reconnect to the session, and otherwise doesn't know whether it arrived. */
const UNPROMPTED = canAttach ? STARTED : INTERRUPTED;

const LATE_CREATION: Behavior = { create: { delayMs: 60_000 } };
const LATE_AGENT: Behavior = { workerDelayMs: 60_000 };
/** Before a newer runtime sends the prompt, it waits for this. */
const SLOW_TO_SEND: Behavior = {
  rpc: { "session.sandbox.getEnforcementStatus": { delayMs: 60_000 } },
};
/** The comment waits for the link. */
const WITHOUT_LINK: Behavior = { link: { none: true } };
const REFUSED_ONCE: Behavior = { steer: { status: 500, times: 1 } };

/** Mission Control behaves like this, and the log then says so. */
function behaving(behavior: Behavior, message: string) {
  return (stage: Stage) => {
    stage.missionControl.behaveOnce(behavior, stage.repository);
    return logged(message)(stage);
  };
}

const FIRST_STEPS: readonly Story[] = [
  {
    step: "while GitHub is asked about the requester",
    reached: hanging("GET", "collaborators/octocat/permission"),
    ...STARTED,
  },
  {
    step: "while the reaction is written, for which nothing waits",
    reached: (stage) =>
      Promise.all([
        hanging("POST", "issues/1/reactions")(stage),
        asking("/tasks", LATE_CREATION)(stage),
      ]),
    ...NOT_CREATED,
  },
  {
    step: "while the subject is read",
    reached: ({ github, path }) => {
      const name = path.split("/").at(-1);
      const match = { method: "POST", path: "/graphql", body: new RegExp(`"${name}"`, "u") };
      return github.failNext(match, "hang").met;
    },
    ...STARTED,
  },
  {
    step: "while Mission Control creates the session",
    reached: asking("/tasks", LATE_CREATION),
    ...NOT_CREATED,
  },
  { step: "while the agent starts", reached: asking("/tasks", LATE_AGENT), ...INTERRUPTED },
  { step: "once everything is reported", reached: logged("task settled"), ...STARTED },
  { step: "after the answer to the webhook", reached: logged("task queued"), ...STARTED },
];

const LATER_STEPS: readonly Story[] = [
  {
    step: "once the prompt has arrived",
    reached: behaving(WITHOUT_LINK, "prompt delivered"),
    ...STARTED,
  },
  { step: "while the comment is written", reached: hanging("POST", COMMENTS), ...STARTED },
  {
    step: "once the comment is written, and its answer lost",
    reached: hanging("POST", COMMENTS, "perform and drop"),
    ...STARTED,
  },
  { step: "while the prompt is sent", reached: asking("/steer", REFUSED_ONCE), ...UNPROMPTED },
  {
    step: "once GitHub has refused the comment",
    reached: hanging("POST", COMMENTS, { status: 403, body: { message: "Sorry." } }),
    ...STARTED,
  },
  {
    step: "once the session is known",
    reached: behaving(SLOW_TO_SEND, "session ready"),
    ...UNPROMPTED,
  },
];

/** The thread has a comment of the bot's, which says that the session is starting; its agent hasn't started yet. */
async function startingShown(stage: Stage, behavior: Behavior = {}): Promise<void> {
  const { github, repository } = stage;
  const [owner = "", repo = ""] = repository.split("/");
  // Before it's killed, the bot has asked for the session too.
  await asking("/tasks", { ...behavior, worker: "none" })(stage);
  const isShown = async () => {
    const { comments } = await github.thread(owner, repo, 1);
    return comments.some(({ body }) => body.includes("Copilot is starting"));
  };
  await github.until(isShown, LIMIT_MS);
}

/** That comment is there, then the agent starts, and then this is reached. */
function startingThen(reached: FaultPoint["reached"], behavior?: Behavior) {
  return async (stage: Stage) => {
    const isReached = reached(stage);
    await startingShown(stage, behavior);
    const { missionControl, repository } = stage;
    const session = missionControl.tasks.find((task) => task.repository === repository);
    missionControl.startWorker(session?.id ?? "");
    await isReached;
  };
}

/** The same, of tasks that have said that they're starting, or were about to. */
const STARTING_STEPS: readonly Story[] = [
  {
    step: "while that is written",
    reached: (stage) =>
      Promise.all([hanging("POST", COMMENTS)(stage), asking("/tasks", LATE_AGENT)(stage)]),
    ...INTERRUPTED,
  },
  {
    step: "once that is written, and its answer lost",
    reached: (stage) =>
      Promise.all([
        hanging("POST", COMMENTS, "perform and drop")(stage),
        asking("/tasks", LATE_AGENT)(stage),
      ]),
    ...INTERRUPTED,
  },
  {
    step: "while the agent starts",
    reached: (stage) => startingShown(stage),
    ...INTERRUPTED,
  },
  {
    step: "once the prompt has arrived",
    reached: startingThen(logged("prompt delivered"), WITHOUT_LINK),
    ...STARTED,
  },
  {
    step: "while the link is written over it",
    reached: startingThen(hanging("PATCH", A_COMMENT)),
    ...STARTED,
  },
  {
    step: "once the link is written over it, and the answer lost",
    reached: startingThen(hanging("PATCH", A_COMMENT, "perform and drop")),
    ...STARTED,
  },
  {
    step: "once the session is known",
    reached: startingThen(logged("session ready"), SLOW_TO_SEND),
    ...UNPROMPTED,
  },
];

const STOPPED_STEPS: readonly Story[] = [
  { step: "a session that's requested", reached: asking("/tasks", LATE_AGENT), ...INTERRUPTED },
  {
    step: "a session that's known, to which it delivers the prompt if it can reconnect",
    reached: asking("/steer", REFUSED_ONCE),
    ...UNPROMPTED,
  },
];

/** What a comment says of a task that went either way. */
const SAYS = { started: "[Open session]", interrupted: "(`interrupted`)" } as const;

type Ended = Awaited<ReturnType<typeof cutOff>>;

/** The story ends as it must: one session at most, one prompt at most, and one comment, which says so. */
function expectEnd(ended: Ended | undefined, story: Story) {
  const remains = ended?.of(story);
  expect(remains?.comments).toEqual([expect.stringContaining(SAYS[story.thread])]);
  expect(remains?.sessions).toHaveLength(story.sessions);
  expect(remains?.sessions.flatMap(({ prompts }) => prompts)).toHaveLength(story.prompts);
  return remains;
}

/** Later than any of the steps. */
const NO_NOTICE_MS = 120_000;
const SOON_MS = 200;

describe.for([
  ["early", FIRST_STEPS],
  ["late", LATER_STEPS],
] as const)("the bot is killed %s, and started again", ([_when, steps]) => {
  let ended: Ended | undefined;
  beforeAll(async () => {
    ended = await cutOff(steps, { end: "kill", startingNoticeMs: NO_NOTICE_MS });
  }, HOOK_MS);

  it.for(steps)("$step", (story) => {
    expectEnd(ended, story);
  });
});

describe.runIf(isComplete)(
  "the bot is killed when its task has said that it's starting, and started again",
  () => {
    let ended: Ended | undefined;
    beforeAll(async () => {
      ended = await cutOff(STARTING_STEPS, { end: "kill", startingNoticeMs: SOON_MS });
    }, HOOK_MS);

    it.for(STARTING_STEPS)("$step", (story) => {
      const remains = expectEnd(ended, story);
      // The comment that was there is the one that says it: another is posted only where none was.
      const posts = story.step === "while that is written" ? ["POST", "POST"] : ["POST"];
      expect(remains?.writes).toEqual(posts);
    });
  },
);

describe.runIf(isComplete)(
  "the bot is asked to stop, and a step does not end in time: it leaves to the next one",
  () => {
    let ended: Ended | undefined;
    beforeAll(async () => {
      ended = await cutOff(STOPPED_STEPS, { end: "stop", startingNoticeMs: NO_NOTICE_MS });
    }, HOOK_MS);

    it("exits as if all had ended", () => {
      expect(ended?.exitCode).toBe(0);
    });

    it.for(STOPPED_STEPS)("$step", (story) => {
      expectEnd(ended, story);
    });
  },
);
