import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { whyNotIsolated } from "../../sandbox/demo/own-machine.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { isRoot } from "../isolation/isolations.ts";
import { temporaryDirectory } from "../store/opened.ts";

test.skipIf(!hasBubblewrap || !isRoot)(
  "where sandboxes can't get to the demo's directory, it says what an administrator does about it",
  async () => {
    const closed = temporaryDirectory();
    const directory = join(closed, "demo");
    mkdirSync(directory);
    expect(await whyNotIsolated(directory)).toMatchObject({
      found: `User 61180 can't enter ${closed} (mode 700), which sandboxes need.`,
      cure: expect.stringContaining("chmod o+x"),
    });
    chmodSync(closed, 0o711);
    expect(await whyNotIsolated(directory)).toBeNull();
  },
);
