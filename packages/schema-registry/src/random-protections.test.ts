import { compileRequirements, reachableFields } from '@app/authorization';
import { expect, test } from 'vitest';
import { type Audience, isMet } from './audiences.ts';
import { findAuthorizationChanges } from './authorization-changes.ts';
import { compose, loadSupergraph } from './compose.ts';

const ROUNDS = Number(process.env['PROTECTION_ROUNDS'] ?? 25);
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e6));

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@authenticated", "@requiresScopes", "@policy"])';
const RIGHTS = ['a', 'b', 'c', 'policy p', 'policy q'];

type Random = (below: number) => number;

/** Numbers that a seed repeats (a linear congruential generator). */
function randomFrom(start: number): Random {
  let state = start;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

/** A few types that lead to each other, with protections here and there. `PROTECTION` stands where one may be. */
function shapeOf(random: Random): string {
  const types = ['Query', 'T1', 'T2', 'T3'];
  const fields = () => ['x', 'y', 'z'].map((name) => `${name}: ${['Int', ...types.slice(1)][random(4)]} PROTECTION`).join(' ');
  return types.map((type) => `type ${type} ${type === 'Query' ? '' : 'PROTECTION'} { ${fields()} }`).join('\n');
}

function protection(random: Random): string {
  const lists = (names: readonly string[]) =>
    JSON.stringify(Array.from({ length: 1 + random(2) }, () => Array.from({ length: 1 + random(2) }, () => names[random(names.length)])));
  const all = [
    () => '',
    () => '@authenticated',
    () => `@requiresScopes(scopes: ${lists(['a', 'b', 'c'])})`,
    () => `@policy(policies: ${lists(['p', 'q'])})`,
  ];
  return all[random(2) === 0 ? 0 : random(all.length)]?.() ?? '';
}

function supergraphOf(shape: string, protections: readonly string[]): string {
  const rest = protections.values();
  const sdl = `${LINK}\n${shape.replaceAll('PROTECTION', () => rest.next().value ?? '')}`;
  return compose([{ name: 'shop', url: 'http://shop', sdl, file: 'shop.graphql' }]).supergraph ?? '';
}

/** Everybody that there can be: each set of rights, signed in and not. */
function everybody(): Audience[] {
  return Array.from({ length: 2 ** (RIGHTS.length + 1) }, (_, bits) => ({
    name: '',
    isSignedIn: (bits & 1) === 1,
    rights: new Set(RIGHTS.filter((_right, index) => ((bits >> (index + 1)) & 1) === 1)),
  }));
}

/** Fields that each of everybody gets. */
function reachesOf(sdl: string): ReadonlySet<string>[] {
  const supergraph = loadSupergraph(sdl);
  const schema = supergraph.apiSchema().toGraphQLJSSchema();
  const index = compileRequirements(supergraph.schema, schema);
  return everybody().map((audience) => {
    const denied = index.all.entries().flatMap(([id, requirement]) => (isMet(requirement, audience) ? [] : [id]));
    return new Set(reachableFields(schema, index, new Set(denied)).keys());
  });
}

function gainedIn(before: readonly ReadonlySet<string>[], after: readonly ReadonlySet<string>[]): Set<string> {
  return new Set(after.flatMap((has, index) => [...has.difference(before[index] ?? new Set())]));
}

test(`protections that change are told exactly when there is somebody who gains or loses by it (SEED=${seed})`, () => {
  const random = randomFrom(seed);
  for (let round = 0; round < ROUNDS; round++) {
    const shape = shapeOf(random);
    const protections = [...shape.matchAll(/PROTECTION/g)].map(() => protection(random));
    const edited = random(protections.length);
    const changed = protections.map((known, index) => (index === edited || random(12) === 0 ? protection(random) : known));
    const [before, after] = [supergraphOf(shape, protections), supergraphOf(shape, changed)];
    const [had, has] = [reachesOf(before), reachesOf(after)];
    const findings = findAuthorizationChanges(before, after, []);
    const coordinates = (code: string) => findings.filter((finding) => finding.code === code).map(({ coordinate }) => coordinate);
    const told = { gains: coordinates('ACCESS_WIDENED'), losses: coordinates('ACCESS_NARROWED') };
    const real = { gains: gainedIn(had, has), losses: gainedIn(has, had) };
    const where = `round ${round}:\n${before}\n${after}`;
    expect([told.gains.length > 0, told.losses.length > 0], where).toEqual([real.gains.size > 0, real.losses.size > 0]);
    for (const coordinate of told.gains) expect(real.gains, where).toContain(coordinate);
    for (const coordinate of told.losses) expect(real.losses, where).toContain(coordinate);
  }
}, 120_000);
