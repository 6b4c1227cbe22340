import { PlatformError } from '../platform-error.ts';

/** Everything in a new subgraph that depends on its name. */
export interface SubgraphNames {
  /** `wishlist`: folder, database, entity field. */
  readonly name: string;
  /** `Wishlist`: the entity. */
  readonly Name: string;
  /** `WISHLIST`: in variables. */
  readonly NAME: string;
  readonly names: string;
  readonly Names: string;
  /** What its ids begin with: `wis`. */
  readonly prefix: string;
}

/** What is there already and may not be used again. */
export interface Taken {
  /** Subgraphs and services: folders, and what supergraph.yaml lists. */
  readonly folders: readonly string[];
  /** Types, and fields of Query and Account, of the supergraph, each with the subgraph that has it. */
  readonly coordinates: ReadonlyMap<string, string>;
  /** Prefixes of ids. */
  readonly prefixes: ReadonlySet<string>;
}

const FORM = /^[a-z][a-z0-9]{2,29}$/;

/** Processes, databases and variables of the platform, and words that cannot name a variable. */
const RESERVED = new Set(
  [
    'gateway prepare postgres redis nats mailbox jobs prometheus template seed test tests node graphql subgraph subgraphs service services',
    'query mutation subscription account entity edge connection database internal public log',
    'await break case catch class const continue debugger default delete else enum export extends false finally for function implements',
    'import interface instanceof let new null package private protected return static super switch this throw true try typeof var void',
    'while with yield async arguments eval undefined constructor prototype object string number boolean symbol any never unknown',
  ].flatMap((words) => words.split(' ')),
);

/** @throws PlatformError `WRONG_NAME` saying why the name cannot be used and which could. */
export function namesOf(name: string, taken: Taken): SubgraphNames {
  if (!FORM.test(name)) throw wrong(name, 'a name is one word of 3 to 30 lower-case letters and digits that begins with a letter');
  if (RESERVED.has(name)) throw wrong(name, 'that word is reserved');
  if (taken.folders.includes(name)) throw wrong(name, `there is one of that name already: it was not changed`);
  const made = { name, Name: capital(name), NAME: name.toUpperCase(), names: plural(name), Names: capital(plural(name)) };
  const wanted = [made.Name, `${made.Name}Connection`, `Query.${name}`, `Mutation.${name}Create`, `Account.${made.names}`];
  const clash = wanted.find((coordinate) => taken.coordinates.has(coordinate));
  if (clash !== undefined) throw wrong(name, `the subgraph ${taken.coordinates.get(clash)} has ${clash} already`);
  return { ...made, prefix: prefixOf(name, taken.prefixes) };
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

function plural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

/** Three letters of the name in their order, the first ones that nobody uses. */
function prefixOf(name: string, used: ReadonlySet<string>): string {
  const letters = name.replaceAll(/[^a-z]/g, '');
  for (let second = 1; second < letters.length - 1; second += 1) {
    for (let third = second + 1; third < letters.length; third += 1) {
      const prefix = `${letters.charAt(0)}${letters.charAt(second)}${letters.charAt(third)}`;
      if (!used.has(prefix)) return prefix;
    }
  }
  throw wrong(name, 'every prefix for its ids is taken');
}

function wrong(name: string, why: string): PlatformError {
  return new PlatformError('WRONG_NAME', `"${name}" cannot name a subgraph: ${why}.`, 'Use, for example: npm run new:subgraph -- wishlist');
}
