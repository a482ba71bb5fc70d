/** What one request's body takes of the budget. */
export interface BodyHold {
  /**
   * Counts bytes that have arrived. False when there is no room for them; then everything that was counted
   * is given back already.
   */
  take(bytes: number): boolean;
  /** Gives everything back; repeating it is harmless. */
  giveBack(): void;
}

/** Memory for bodies whose signature nobody has checked yet, shared by all requests. */
export interface BodyBudget {
  /** @param onEvicted is called when the body has to make room for others */
  open(onEvicted: () => void): BodyHold;
  /** Bytes that are taken now. */
  used(): number;
}

/**
 * A budget of so many bytes. When it's used up, the body that has been arriving for the longest makes
 * room: a genuine webhook arrives in milliseconds, so whoever sends slowly, or much, is the first to go.
 */
export function createBodyBudget(bytes: number): BodyBudget {
  let used = 0;
  /** In the order in which their first bytes arrived. */
  const holds = new Map<BodyHold, { bytes: number; readonly onEvicted: () => void }>();

  function free(hold: BodyHold): void {
    used -= holds.get(hold)?.bytes ?? 0;
    holds.delete(hold);
  }

  function makeRoom(): void {
    for (const [hold, { onEvicted }] of holds) {
      if (used <= bytes) return;
      free(hold);
      onEvicted();
    }
  }

  return {
    used: () => used,
    open(onEvicted) {
      let isOver = false;
      const giveBack = (): void => {
        isOver = true;
        free(hold);
      };
      const taken = {
        bytes: 0,
        onEvicted() {
          isOver = true;
          onEvicted();
        },
      };
      const hold: BodyHold = {
        giveBack,
        take(more) {
          if (isOver) return false;
          taken.bytes += more;
          used += more;
          holds.set(hold, taken);
          makeRoom();
          // Others may have been younger than this one.
          return holds.has(hold);
        },
      };
      return hold;
    },
  };
}
