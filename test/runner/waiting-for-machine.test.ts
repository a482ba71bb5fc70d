import { expect, onTestFinished, test, vi } from "vitest";
import { GITHUB_COM } from "../../src/core/github/hosts.ts";
import type { HostedOpening } from "../../src/ports/session-host.ts";
import { ALLOWED } from "../core/policy/allowed.ts";
import { subjectWith, surveyWith } from "../core/survey.ts";
import { inserted } from "../store/story.ts";
import { commanded } from "../store/trigger.ts";
import { TIMEOUTS } from "../timeouts.ts";
import { clockedBot, createClock, HOUR_MS } from "./clocked-bot.ts";

test("a task goes on waiting for a machine when the database has been away for longer than calls are repeated", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const survey = surveyWith({ subject: subjectWith({}) });
  const { repository } = survey.policy;
  const file = { blob: "b10b", text: "runs_on: self-hosted" };
  const policy = { repository: { ...repository, file }, organization: null };
  const opening = Promise.withResolvers<HostedOpening>();
  const warnings: string[] = [];
  const { runner, store } = await clockedBot({
    clock: createClock(),
    github: {
      survey: () => Promise.resolve({ ...survey, policy }),
      createComment: () => Promise.resolve(1),
    },
    identities: {},
    selfHosting: ALLOWED,
    sessionHost: {
      open() {
        stopOf.mockImplementationOnce(() => {
          vi.setSystemTime(Date.now() + HOUR_MS);
          return Promise.reject(new Error("the database is away"));
        });
        return opening.promise;
      },
    },
    hosts: GITHUB_COM,
    timeouts: TIMEOUTS,
    warned: (message) => warnings.push(message),
  });
  const { id } = await inserted(store.tasks, commanded(1));
  const stopOf = vi.spyOn(store.sessionCommands, "stopOf");
  expect(await runner.receive(id)).toBe("start");
  await runner.start(id);
  await vi.waitUntil(() => warnings.length > 0, 10_000);
  expect(warnings).toEqual(["waiting task couldn't be looked after"]);
  const before = stopOf.mock.calls.length;
  await vi.waitUntil(() => stopOf.mock.calls.length > before, 10_000);
  const failure = { code: "model_not_available", message: "No.", nothingCreated: true } as const;
  opening.resolve({ type: "failed", failure });
  await vi.waitUntil(async () => (await store.tasks.get(id))?.state === "failed", 10_000);
  await runner.stop();
});
