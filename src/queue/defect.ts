/** After a step that failed, in milliseconds. */
export const AFTER_DEFECT_MS = 30_000;
