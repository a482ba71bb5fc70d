import PQueue from "p-queue";

/** Places for sessions on this machine. */
export interface SessionRooms {
  /** Waits for a place; null when it's withdrawn before there is one. */
  take(withdrawn: AbortSignal): Promise<SessionRoom | null>;
  /** Takes one even if there are too many then. */
  takeNow(): SessionRoom;
  /** How many are taken. */
  count(): number;
}

/** A place. Leaving it twice is harmless. */
export interface SessionRoom {
  leave(): void;
}

/** So many places, given in the order in which they were asked for. */
export function createRooms(most: number): SessionRooms {
  // What is over the limit takes the places that get free.
  const queue = new PQueue({ concurrency: most });
  let taken = 0;
  const occupy = (): SessionRoom & { readonly left: Promise<void> } => {
    const { promise: left, resolve } = Promise.withResolvers<void>();
    taken += 1;
    let isLeft = false;
    const leave = () => {
      if (!isLeft) taken -= 1;
      isLeft = true;
      resolve();
    };
    return { leave, left };
  };
  return {
    take(withdrawn) {
      const { promise, resolve } = Promise.withResolvers<SessionRoom | null>();
      if (withdrawn.aborted) return Promise.resolve(null);
      withdrawn.addEventListener("abort", () => resolve(null), { once: true });
      void queue.add(async () => {
        if (withdrawn.aborted) return;
        const room = occupy();
        resolve(room);
        await room.left;
      });
      return promise;
    },
    takeNow() {
      const room = occupy();
      void queue.add(() => room.left, { priority: 1 });
      return room;
    },
    count: () => taken,
  };
}
