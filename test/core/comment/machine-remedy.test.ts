import { expect, test } from "vitest";
import { explain } from "../../../src/core/comment/remedy.ts";
import { failureOfIsolation, failureOfLimit } from "../../../src/core/task/machine-failure.ts";
import { isolationTrouble } from "../../../src/core/isolation/unavailable.ts";
import { retryDelayMs } from "../../../src/core/task/failure.ts";
import { KINDS, ORGANIZATION, PERSON } from "./remedy-places.ts";

const MACHINES = KINDS.filter(
  ([code]) => code === "isolation_unavailable" || code === "limit_exceeded",
);

test("failures of the machine that a session runs on mean the same everywhere", () => {
  const text = MACHINES.map(([code, cause]) => {
    const { sentence, remedy } = explain(code, cause, ORGANIZATION);
    expect(explain(code, cause, PERSON)).toMatchObject({ sentence, remedy });
    return `${code}${cause === null ? "" : `/${cause}`}\n  ${sentence}\n  ${remedy}`;
  });
  expect(text.join("\n")).toMatchInlineSnapshot(`
    "isolation_unavailable
      The session didn't start, because it can't be isolated on its machine. A sandbox doesn't start on the machine.
      The bot's administrator can fix this. Run \`bwrap --unshare-all --ro-bind / / true\` as the user of the bot or worker, and fix what it reports.
    isolation_unavailable/isolation_namespaces
      The session didn't start, because it can't be isolated on its machine. The user of the bot or worker can't create user namespaces.
      The bot's administrator can fix this. Allow user namespaces: on Ubuntu, install an AppArmor profile for bwrap (package \`apparmor-profiles\`) or set \`sysctl kernel.apparmor_restrict_unprivileged_userns=0\`; elsewhere, check \`sysctl user.max_user_namespaces\` and \`kernel.unprivileged_userns_clone\`. With systemd, the unit needs \`RestrictNamespaces=no\`. A container needs \`--security-opt seccomp=unconfined --security-opt apparmor=unconfined\`.
    isolation_unavailable/isolation_proc
      The session didn't start, because it can't be isolated on its machine. Sandboxes can't have their own \`/proc\`.
      The bot's administrator can fix this. Start the container with \`--security-opt systempaths=unconfined\`.
    isolation_unavailable/isolation_unit
      The session didn't start, because it can't be isolated on its machine. The systemd unit doesn't allow sandboxes.
      The bot's administrator can fix this. Add the lines to the unit that docs/self-hosted.md lists under “With systemd”.
    isolation_unavailable/isolation_outdated
      The session didn't start, because it can't be isolated on its machine. The installed bubblewrap is too old.
      The bot's administrator can fix this. Install bubblewrap 0.8.0 or newer (Debian 12 or newer).
    isolation_unavailable/isolation_programs
      The session didn't start, because it can't be isolated on its machine. A program that isolation needs is missing.
      The bot's administrator can fix this. Install bubblewrap, socat, and util-linux (Debian: \`apt-get install bubblewrap socat util-linux\`).
    isolation_unavailable/isolation_processor
      The session didn't start, because it can't be isolated on its machine. Isolation isn't available for this processor.
      The bot's administrator can fix this. Run sessions on an x86-64 or arm64 machine.
    isolation_unavailable/isolation_root
      The session didn't start, because it can't be isolated on its machine. The bot or worker runs as root, and there's no other user for sandboxes.
      The bot's administrator can fix this. Set \`SANDBOX_USER\`, or run the bot or worker as a user of its own.
    isolation_unavailable/isolation_user
      The session didn't start, because it can't be isolated on its machine. The user that \`SANDBOX_USER\` names can't be used.
      The bot's administrator can fix this. Set \`SANDBOX_USER\` to an existing user other than root (Debian: \`adduser --system --group copilot\`), and run the bot or worker as root; or remove it.
    isolation_unavailable/isolation_directory
      The session didn't start, because it can't be isolated on its machine. The sandboxes' user can't enter the data directory.
      The bot's administrator can fix this. Let everyone enter the directories above it (\`chmod o+x\`), or set \`DATA_DIR\` to another one.
    limit_exceeded
      The session was ended, because it used more of its machine than it may.
      Divide the work into smaller tasks, or ask the bot's administrator to raise \`SELF_HOSTED_…\`.
    limit_exceeded/memory
      The session was ended, because it used too much memory.
      Divide the work into smaller tasks, or ask the bot's administrator to raise \`SELF_HOSTED_MEMORY_MB\`.
    limit_exceeded/disk
      The session was ended, because its files take too much space.
      Divide the work into smaller tasks, or ask the bot's administrator to raise \`SELF_HOSTED_DISK_MB\`.
    limit_exceeded/free_disk
      The session was ended, because the disk of its machine is nearly full.
      The bot's administrator can free space there. \`SELF_HOSTED_FREE_DISK_MB\` says how much stays free.
    limit_exceeded/time
      The session was ended, because its time was up.
      Divide the work into smaller tasks, or ask the bot's administrator to raise \`SELF_HOSTED_MINUTES\`."
  `);
});

test("a session that can't be isolated fails with what was found, and isn't retried", () => {
  const found = "User 1001 can't enter /srv (mode 700), which sandboxes need.";
  const failure = failureOfIsolation(isolationTrouble("isolation_directory", found));
  expect(failure).toEqual({
    code: "isolation_unavailable",
    cause: "isolation_directory",
    message: found,
    nothingCreated: true,
  });
  expect(retryDelayMs(failure, 0, 0, 1000)).toBe(null);
});

test("a session that was ended for a limit fails with the limit, and isn't retried", () => {
  const failure = failureOfLimit("free_disk");
  expect(failure).toMatchObject({ code: "limit_exceeded", cause: "free_disk" });
  expect(retryDelayMs(failure, 0, 0, 1000)).toBe(null);
});
