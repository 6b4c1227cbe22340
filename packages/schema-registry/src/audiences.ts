import type { Requirement } from '@app/authorization';

/** Somebody with some rights. */
export interface Audience {
  readonly name: string;
  readonly isSignedIn: boolean;
  /** Scopes, which are worth nothing to strangers, and policies as `policy NAME`. */
  readonly rights: ReadonlySet<string>;
}

/** The most audiences that lack one requirement in different ways. Each of them notices when it is gone. */
const MOST_WAYS = 64;

/** Whether somebody meets a requirement. */
export function isMet(requirement: Requirement, { isSignedIn, rights }: Audience): boolean {
  if (!isSignedIn && requirement.kind !== 'policy') return false;
  return listsOf(requirement).some((list) => list.every((right) => rights.has(right)));
}

/**
 * Whose access is worth comparing, those with the fewest rights first: strangers, the signed in, and for each list that is asked for somebody
 * with just these rights. Then those who have every right but what one requirement takes: only they notice that a protection is gone beneath
 * other protections. A policy may hold for anybody, also for strangers.
 */
export function audiencesOf(requirements: readonly Requirement[]): Audience[] {
  const lists = named(requirements.flatMap(listsOf));
  const missing = named(requirements.flatMap((requirement) => waysToMiss(listsOf(requirement))));
  const all = new Set(lists.flatMap(([, list]) => list));
  return [
    { name: 'anybody', isSignedIn: false, rights: new Set() },
    { name: 'whoever is signed in', isSignedIn: true, rights: new Set() },
    ...lists.map(([name, list]) => ({ name: `whoever has ${name}`, isSignedIn: true, rights: new Set(list) })),
    { name: 'whoever meets every policy without signing in', isSignedIn: false, rights: all },
    ...missing.map(([name, list]) => ({
      name: `whoever has every right but ${name}`,
      isSignedIn: true,
      rights: all.difference(new Set(list)),
    })),
  ];
}

/** Lists of rights of which one has to be had whole. */
function listsOf(requirement: Requirement): readonly (readonly string[])[] {
  switch (requirement.kind) {
    case 'authenticated':
      return [[]];
    case 'scopes':
      return requirement.anyOf;
    case 'policy':
      return requirement.anyOf.map((list) => list.map((policy) => `policy ${policy}`));
  }
}

/** The fewest rights without which none of the lists is whole, in each way that there is. */
function waysToMiss(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  let ways: readonly (readonly string[])[] = [[]];
  for (const list of lists) {
    const longer = ways.flatMap((way) => (way.some((right) => list.includes(right)) ? [way] : list.map((right) => [...way, right])));
    ways = longer.filter((way) => !longer.some((other) => other !== way && isWithin(other, way))).slice(0, MOST_WAYS);
  }
  return ways;
}

function isWithin(part: readonly string[], whole: readonly string[]): boolean {
  return part.length < whole.length && part.every((right) => whole.includes(right));
}

/** Lists by what they are called, short ones first; those that ask for the same are one, and one that asks for nothing is none. */
function named(lists: readonly (readonly string[])[]): [name: string, list: readonly string[]][] {
  const found = new Map(lists.map((list) => [[...new Set(list)].sort().join(' and '), list]));
  found.delete('');
  return [...found].sort(([one, { length }], [two, { length: other }]) => length - other || one.localeCompare(two));
}
