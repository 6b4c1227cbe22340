import { reachableFields } from '@app/authorization';
import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isLeafType, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { check, compose, type RegisteredOperation, type SubgraphSource } from './index.ts';
import { largeGraph } from './testing/large-graph.ts';

const ROUNDS = Number(process.env['HISTORY_ROUNDS'] ?? 6);
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e6));

/** Numbers that a seed repeats (a linear congruential generator). */
function randomFrom(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

/** One operation for each field that can be reached, by a shortest way. */
function operationsOn(schema: GraphQLSchema): RegisteredOperation[] {
  const open = { ofType: () => [], ofField: () => [] };
  return [...reachableFields(schema, open, new Set()).values()].map((way, index) => {
    const declared: string[] = [];
    const text = selection(schema, way.split(' → '), declared);
    const document = `query Op${index}${declared.length > 0 ? `(${declared.join(', ')})` : ''} { ${text} }`;
    return { name: `Op${index}`, document, hash: String(index), clients: ['web@1'], lastSeen: null };
  });
}

function selection(schema: GraphQLSchema, [step = '', ...rest]: readonly string[], declared: string[]): string {
  const [type = '', name = ''] = step.split('.');
  const field = (schema.getType(type) as GraphQLObjectType).getFields()[name];
  if (!field) throw new Error(`there is no ${step}`);
  const given = field.args.map((argument) => `${argument.name}: $v${declared.push(`$v${declared.length}: ${argument.type}`) - 1}`);
  const inner = rest.length > 0 ? selection(schema, rest, declared) : '__typename';
  const below = isLeafType(getNamedType(field.type)) ? '' : ` { ${inner} }`;
  return `... on ${type} { ${name}${given.length > 0 ? `(${given.join(', ')})` : ''}${below} }`;
}

const line = /\n {2}(?!id: ID!)[a-z]\w*(\(.*\))?: [[\]\w!]+/g;

/** Takes something away, renames it, or changes its type. */
function edited(sdl: string, random: (below: number) => number): string {
  const lines = [...sdl.matchAll(line)];
  const [found = ''] = lines[random(lines.length)] ?? [];
  const edits = [
    () => '',
    () => found.replace(/[a-z]\w*/, (name) => `${name}Old`),
    () => found.replace(/: ([\w[\]!]+)$/, ': Boolean'),
    () => found.replace(/: (String|Int)$/, ': $1!'),
    () => found.replace(/\(/, '(extra: Int!, '),
  ];
  return found === '' ? sdl : sdl.replace(found, edits[random(edits.length)] ?? (() => found));
}

test(`every operation that a change breaks is named by an error, and none that still fits is said to be gone (SEED=${seed})`, async () => {
  const random = randomFrom(seed);
  let graph: readonly SubgraphSource[] = largeGraph({ subgraphs: 8, operations: 0 }).subgraphs.map(({ sdl, ...source }) => ({
    ...source,
    // With eight subgraphs two of the neighbours of each are the same.
    sdl: sdl
      .split('\n\n')
      .filter((block, index, blocks) => blocks.findIndex((other) => head(other) === head(block)) === index)
      .join('\n\n'),
  }));
  for (let round = 0; round < ROUNDS; round++) {
    const index = random(graph.length);
    const next = graph.map((source, at) => (at === index ? { ...source, sdl: edited(source.sdl, random) } : source));
    const [before, after] = [compose(graph).apiSchema, compose(next).apiSchema];
    if (!before || !after) continue;
    const operations = operationsOn(before);
    const findings = await check({ base: graph, changed: next, operations, approvals: [], today: new Date('2026-11-20') });
    const named = new Set(
      findings.filter(({ severity }) => severity === 'error').flatMap(({ operations: used = [] }) => used.map(({ name }) => name)),
    );
    const gone = new Set(
      findings.filter(({ code }) => code === 'FIELD_REMOVED').flatMap(({ operations: used = [] }) => used.map(({ name }) => name)),
    );
    for (const { name, document } of operations) {
      const isBroken = validate(after, parse(document)).length > 0;
      if (isBroken) expect(named, `round ${round}: ${document}`).toContain(name);
      else expect(gone, `round ${round}: ${document}`).not.toContain(name);
    }
    graph = next;
  }
}, 120_000);

function head(block: string): string {
  return block.split('\n')[0] ?? '';
}
