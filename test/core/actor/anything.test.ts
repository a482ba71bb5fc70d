import * as fc from "fast-check";
import { expect, test } from "vitest";
import { SHELL } from "../asking.ts";
import type { Happens } from "./story.ts";
import {
  command,
  createPlayer,
  editMade,
  executed,
  followed,
  opened,
  passes,
  sees,
  taken,
} from "./story.ts";
import { runs } from "../../runs.ts";

const APPROVES = { decision: { permissionsPolicy: "approve" } } as const;
const url = "https://github.com/octo-org/hello/tasks/4711";

/** Whatever can happen to a session, in any order. */
const INPUTS: readonly Happens[] = [
  sees({ type: "working" }),
  sees({ type: "said", text: "Hello." }),
  sees({ type: "idle" }),
  sees({ type: "completed", summary: "Done." }),
  sees({ type: "failed", message: "No." }),
  sees({ type: "aborted" }),
  sees({ type: "asked", requestId: "1", asking: SHELL }),
  sees({ type: "answered", requestId: "1" }),
  sees({ type: "asked", requestId: "2", asking: SHELL }),
  sees({ type: "link", url }),
  { type: "link", url },
  { type: "link", url: null },
  { type: "nudged" },
  { type: "room needed" },
  { type: "displaced" },
  { type: "session lost" },
  { type: "token ended" },
  { type: "claim lost" },
  { type: "stopping" },
  { type: "arrived", arrival: "delivered" },
  { type: "arrived", arrival: "unwanted" },
  { type: "arrived", arrival: "unwatched" },
  {
    type: "arrived",
    arrival: { code: "prompt_not_delivered", message: "no", nothingCreated: false },
  },
  { type: "stop found", stop: command("s", "stop") },
  { type: "stop found", stop: null },
  taken(),
  taken(command("c", "stop")),
  { type: "taken", begun: [command("c", "stop")], commands: [] },
  executed("c", { type: "stop", came: "aborted" }),
  { type: "answered", requestId: "1" },
  { type: "answered", requestId: "2" },
  editMade(),
  editMade(60_000),
  { type: "reported", isSettled: true },
  passes(1_000),
  passes(60_000),
  passes(3_600_000),
];

const whatever = fc.array(fc.constantFrom(...INPUTS), { maxLength: 40 });

test.each([
  ["opened", opened(APPROVES)],
  ["followed", followed(APPROVES)],
])("whatever happens to a session that is %s", (_how, state) => {
  fc.assert(
    fc.property(whatever, (inputs) => {
      const player = createPlayer(state);
      let edits = 0;
      let hasLeft = false;
      const answered = new Set<string>();
      for (const happens of inputs) {
        if (typeof happens === "function" && happens(player.playing).type === "edited") {
          // Only what was begun can end.
          if (edits === 0) continue;
          edits -= 1;
        }
        const lines = player.play(happens);
        if (hasLeft) expect(lines).toEqual([]);
        for (const line of lines) {
          if (line === "edit") edits += 1;
          if (line.startsWith("leave")) hasLeft = true;
          if (!line.startsWith("answer ")) continue;
          expect(answered).not.toContain(line);
          answered.add(line);
        }
        expect(edits).toBeLessThanOrEqual(1);
        // What is due at a time is done then, without waking up again and again.
        expect(player.wakesAt()).toBeGreaterThan(player.playing.at);
      }
    }),
    { numRuns: runs(2_000) },
  );
});
