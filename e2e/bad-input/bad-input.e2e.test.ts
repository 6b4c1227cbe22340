import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { type GraphQLField, type GraphQLNamedType, type GraphQLSchema, getNamedType, isObjectType } from 'graphql';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { type Answer, codesOf, send } from '../support/gateway.ts';
import { signIn } from '../support/sign-in.ts';
import { type BadCase, badCases, plausible } from './bad-values.ts';

const schema = apiSchema();
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
const queries = Object.values(schema.getQueryType()?.getFields() ?? {});

/** Called with something plausible these would end the session that the others are called with. */
const endsTheSession = new Set(['sessionRevokeOthers', 'accountErasureRequest']);

/** What a client is told about its own mistake. Everything else would be our fault. */
const clientsFault = new Set([
  'BAD_USER_INPUT',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
  'PAYLOAD_TOO_LARGE',
  'RATE_LIMITED',
  'LIMIT_EXCEEDED',
  'COST_EXCEEDED',
  'UNAUTHENTICATED',
  'UNAUTHORIZED_FIELD_OR_TYPE',
  'FORBIDDEN',
]);

describe('bad input', () => {
  const url = inject('gatewayUrl');
  let admin: string;

  beforeAll(async () => {
    admin = await signIn(url, 'admin@example.com');
  });

  it('is tried on every mutation there is', () => {
    expect(mutations.length).toBeGreaterThan(40);
  });

  it.each(withArguments(mutations))('never makes the mutation $name fail with a fault of ours', async (field) => {
    expect(await problemsOf('mutation', field)).toEqual([]);
  });

  it.each(withArguments(queries))('never makes the query $name fail with a fault of ours', async (field) => {
    expect(await problemsOf('query', field)).toEqual([]);
  });

  async function problemsOf(kind: 'mutation' | 'query', field: GraphQLField<unknown, unknown>): Promise<string[]> {
    const problems: string[] = [];
    const cases = argumentCases(field);
    for (let from = 0; from < cases.length; from += 8) {
      const batch = cases.slice(from, from + 8);
      const query = operationFor(kind, field);
      const answers = await Promise.all(
        batch.map(({ variables }) => send<Record<string, unknown>>(url, { query, variables, token: admin })),
      );
      for (const [index, answer] of answers.entries()) {
        const problem = problemOf(answer);
        if (problem !== null) problems.push(`${batch[index]?.what}: ${problem}`);
      }
    }
    return problems;
  }
});

function withArguments(fields: readonly GraphQLField<unknown, unknown>[]): GraphQLField<unknown, unknown>[] {
  return fields.filter(({ name, args }) => args.length > 0 && !endsTheSession.has(name));
}

interface ArgumentCase {
  readonly what: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

function argumentCases({ args }: GraphQLField<unknown, unknown>): ArgumentCase[] {
  const whole = Object.fromEntries(args.map(({ name, type }) => [name, plausible(type, name)]));
  const bad = args.flatMap(({ name, type }) =>
    badCases(type, name).map(({ value, what }: BadCase) => ({ what: `${name}: ${what}`, variables: { ...whole, [name]: value } })),
  );
  return [{ what: 'plausible, naming nothing', variables: whole }, { what: 'no variables', variables: {} }, ...bad];
}

function operationFor(kind: 'mutation' | 'query', { name, args, type }: GraphQLField<unknown, unknown>): string {
  const declared = args.map((argument) => `$${argument.name}: ${argument.type}`).join(', ');
  const passed = args.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
  return `${kind} Bad(${declared}) { ${name}(${passed}) { ${selectionOf(getNamedType(type))} } }`;
}

function selectionOf(payload: GraphQLNamedType): string {
  const hasUserErrors = isObjectType(payload) && 'userErrors' in payload.getFields();
  return hasUserErrors ? 'userErrors { __typename code message path }' : '__typename';
}

/** Why an answer is not how a mistake of the client is answered; null when it is. */
function problemOf(answer: Answer<Record<string, unknown>>): string | null {
  if (answer.status >= 500) return `HTTP ${answer.status} ${JSON.stringify(answer.errors)}`;
  const foreign = codesOf(answer).filter((code) => !clientsFault.has(code));
  return foreign.length === 0 ? null : `${foreign.join(', ')}: ${answer.errors?.[0]?.message ?? ''}`;
}

function apiSchema(): GraphQLSchema {
  const sdl = readFileSync(fileURLToPath(new URL('../../gateway/supergraph.graphql', import.meta.url)), 'utf8');
  return Supergraph.build(sdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES }).apiSchema().toGraphQLJSSchema();
}
