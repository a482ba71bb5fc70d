import type { QrCode } from "../core/session/qr-code.ts";

/** The QR codes of tasks' sessions. */
export interface QrCodes {
  /** Null for a task that isn't there anymore, or has no code. */
  find(taskId: string): Promise<QrCode | null>;
}
