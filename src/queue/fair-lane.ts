import type { Origin } from "../ports/queue.ts";

/** How many steps run at once. */
export interface LanePlaces {
  readonly all: number;
  /** Of one account's repositories together: what hangs there must not take the places of all. */
  readonly perOwner: number;
  /** Of one person, in one account's repositories. */
  readonly perPerson: number;
}

/** Runs steps, a few at once, and lets nobody wait for what others have asked for in bulk. */
export interface FairLane {
  add(origin: Origin, step: () => Promise<void>): void;
  /** Drops what has not begun. */
  clear(): void;
  /** How many run. */
  running(): number;
  /** Resolves when none runs. */
  onIdle(): Promise<void>;
}

/** What somebody has in the lane. */
interface Share {
  running: number;
  /** When its last step began, counted in steps; 0 before the first. */
  lastTurn: number;
}

interface Owner extends Share {
  readonly people: Map<number | string, Person>;
}

interface Person extends Share {
  readonly steps: (() => Promise<void>)[];
}

/**
 * Takes turns: the next step is one of the account whose turn it is, and of the person there whose turn it is.
 * Somebody's hundredth step waits for everybody's first.
 */
export function createFairLane(places: LanePlaces): FairLane {
  const owners = new Map<number | string, Owner>();
  let running = 0;
  let turns = 0;
  let idle = Promise.withResolvers<void>();
  idle.resolve();

  function begin(): void {
    while (running < places.all) {
      const found = nextOf(owners, places);
      if (found === null) return;
      void run(found);
    }
  }

  async function run(found: NonNullable<ReturnType<typeof nextOf>>): Promise<void> {
    const { owner, ownerId, person, personId, step } = found;
    if (running === 0) idle = Promise.withResolvers<void>();
    turns += 1;
    running += 1;
    for (const share of [owner, person]) {
      share.running += 1;
      share.lastTurn = turns;
    }
    await step();
    for (const share of [owner, person]) share.running -= 1;
    running -= 1;
    if (person.running === 0 && person.steps.length === 0) owner.people.delete(personId);
    if (owner.people.size === 0) owners.delete(ownerId);
    begin();
    if (running === 0) idle.resolve();
  }

  return {
    add({ ownerId, requesterId }, step) {
      const owner: Owner = owners.get(ownerId) ?? { running: 0, lastTurn: 0, people: new Map() };
      owners.set(ownerId, owner);
      const person = owner.people.get(requesterId) ?? { running: 0, lastTurn: 0, steps: [] };
      owner.people.set(requesterId, person);
      person.steps.push(step);
      begin();
    },
    clear() {
      for (const { people } of owners.values()) {
        for (const { steps } of people.values()) steps.length = 0;
      }
    },
    running: () => running,
    onIdle: () => idle.promise,
  };
}

function waits({ steps }: Person): boolean {
  return steps.length > 0;
}

/** The next step, of whoever's turn it is; null while all that wait have their share. */
function nextOf(owners: ReadonlyMap<number | string, Owner>, { perOwner, perPerson }: LanePlaces) {
  const hasPerson = ({ people }: Owner) => whoseTurn(people, perPerson, waits) !== undefined;
  const ofOwner = whoseTurn(owners, perOwner, hasPerson);
  if (ofOwner === undefined) return null;
  const [ownerId, owner] = ofOwner;
  const ofPerson = whoseTurn(owner.people, perPerson, waits);
  const step = ofPerson?.[1].steps.shift();
  if (ofPerson === undefined || step === undefined) return null;
  const [personId, person] = ofPerson;
  return { owner, ownerId, person, personId, step };
}

/** Of those that want a turn and have not all their places, the one whose last turn is longest ago. */
function whoseTurn<Id, One extends Share>(
  all: ReadonlyMap<Id, One>,
  places: number,
  wants: (one: One) => boolean,
): readonly [Id, One] | undefined {
  let found: readonly [Id, One] | undefined;
  for (const entry of all) {
    const [, one] = entry;
    if (found !== undefined && one.lastTurn >= found[1].lastTurn) continue;
    if (one.running < places && wants(one)) found = entry;
  }
  return found;
}
