/** Gives each of a few processes the lowest number that's free, for as long as it's there: ids of processes never end. */
export function createSlots(): (processIds: readonly number[]) => ReadonlyMap<number, number> {
  let taken: ReadonlyMap<number, number> = new Map();
  return (processIds) => {
    const slots = new Map(processIds.flatMap((id) => entryOf(taken, id)));
    for (const id of processIds) {
      if (slots.has(id)) continue;
      const used = new Set(slots.values());
      let slot = 0;
      while (used.has(slot)) slot += 1;
      slots.set(id, slot);
    }
    taken = slots;
    return slots;
  };
}

function entryOf(taken: ReadonlyMap<number, number>, id: number): (readonly [number, number])[] {
  const slot = taken.get(id);
  return slot === undefined ? [] : [[id, slot]];
}
