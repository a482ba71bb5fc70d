import type { GitHubHosts } from "../core/github/hosts.ts";
import { qrCodeOf } from "../core/session/qr-code.ts";
import type { QrCodes } from "../ports/qr-codes.ts";
import type { TaskStore } from "../ports/tasks.ts";

/**
 * QR codes by the tasks' rows.
 *
 * @param hosts as the comment has them: its link is in the code
 */
export function createQrCodes(tasks: Pick<TaskStore, "get">, hosts: GitHubHosts): QrCodes {
  return {
    async find(taskId) {
      const task = await tasks.get(taskId);
      return task === null ? null : qrCodeOf(task, hosts);
    },
  };
}
