import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { SandboxUser } from "../core/isolation/bubblewrap.ts";
import { IsolationUnavailable, isolationTrouble } from "../core/isolation/unavailable.ts";
import type { SandboxAccount } from "../core/policy/self-hosting.ts";

/**
 * Finds the account that sandboxes run as; null for the bot's own.
 *
 * @throws IsolationUnavailable when there's none of this name, it's root's, or the bot may not start programs as it
 */
export async function findSandboxUser(account: SandboxAccount): Promise<SandboxUser | null> {
  const user = account.type === "ids" ? account : await lookUp(account.name);
  if (user.uid === 0 || user.gid === 0) throw unusable("SANDBOX_USER is root, or in root's group.");
  const own = process.geteuid?.();
  if (own === user.uid) return null;
  if (own !== 0)
    throw unusable(
      "The bot or worker doesn't run as root, so it can't run sandboxes as another user.",
    );
  return { uid: user.uid, gid: user.gid };
}

async function lookUp(name: string): Promise<SandboxUser> {
  const ask = async (what: string) => {
    const { stdout } = await promisify(execFile)("id", [what, "--", name], {
      env: { PATH: process.env["PATH"] },
    });
    return Number(stdout.trim());
  };
  try {
    return { uid: await ask("-u"), gid: await ask("-g") };
  } catch {
    throw unusable(
      `SANDBOX_USER names ${JSON.stringify(name)}, a user that this machine doesn't have.`,
    );
  }
}

function unusable(found: string): IsolationUnavailable {
  return new IsolationUnavailable(isolationTrouble("isolation_user", found));
}
