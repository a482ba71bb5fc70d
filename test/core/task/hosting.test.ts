import { describe, expect, test } from "vitest";
import { hostingChanged, sharingChanged } from "../../../src/core/task/transitions/hosting.ts";
import { HOSTED, LINKED, over, PROMPTED, taskWith } from "../task.ts";

const HERE = taskWith(PROMPTED, HOSTED);
const IN_CLOUD = taskWith(LINKED);
const URL = "https://github.com/octo-org/hello/tasks/9";
const SHARED = { share: { type: "shared" }, url: URL } as const;
const UNSHARED = { share: { type: "not_shared" }, url: null } as const;

describe("how a session is on its machine", () => {
  test("changes in what is said, and in nothing else", () => {
    const away = hostingChanged(HERE, { awaySince: "2026-11-21T12:10:00.000Z", machine: "b" });
    const hosting = { awaySince: "2026-11-21T12:10:00.000Z", machine: "b" };
    expect(away).toEqual(taskWith(PROMPTED, over(HOSTED, { session: { hosting } })));
  });

  test("is the same task where nothing has changed, or the session is in the cloud", () => {
    expect(hostingChanged(HERE, { machine: "build-1", share: { type: "not_shared" } })).toBe(HERE);
    expect(hostingChanged(IN_CLOUD, { machine: "build-1" })).toBe(IN_CLOUD);
  });
});

describe("sharing a session", () => {
  test("gives it its link, and ending that takes it away", () => {
    const shared = sharingChanged(HERE, SHARED);
    expect(shared.session.link).toEqual({ url: URL, source: "session" });
    expect(shared.session.hosting?.share).toEqual({ type: "shared" });
    expect(sharingChanged(shared, UNSHARED)).toEqual(HERE);
  });

  test("is the same task where that's known, or the session is in the cloud", () => {
    const shared = sharingChanged(HERE, SHARED);
    expect(sharingChanged(shared, SHARED)).toBe(shared);
    expect(sharingChanged(HERE, UNSHARED)).toBe(HERE);
    expect(sharingChanged(IN_CLOUD, UNSHARED)).toBe(IN_CLOUD);
  });

  test("may give it no link", () => {
    const { session } = sharingChanged(HERE, { ...SHARED, url: null });
    expect([session.link, session.hosting?.share]).toEqual([null, { type: "shared" }]);
  });
});
