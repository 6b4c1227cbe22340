import { anonymous, type Principal, roles, userPrincipal } from '@app/auth';
import { describeRequirement, reachableFields } from '@app/authorization';
import { type GraphQLSchema, isObjectType } from 'graphql';
import type { AuthorizationRules } from '../authorize/rules.ts';
import { holds, type PolicyCheck, ruleContext } from '../authorize/shield.ts';

/** Everyone a matrix has a column for. */
export const audiences = ['anonymous', ...roles] as const;

/** `anonymous` or a role. */
export type Audience = (typeof audiences)[number];

/** One field and who gets it. */
export interface MatrixRow {
  /** `Type.field`. */
  readonly coordinate: string;
  /** What the field itself asks for, in words; empty when nothing. */
  readonly requires: readonly string[];
  /** Shortest way there for each audience that has one, such as `Query.me → Account.orders`. */
  readonly paths: Readonly<Partial<Record<Audience, string>>>;
}

/** What a matrix is made from. */
export interface MatrixInput {
  readonly schema: GraphQLSchema;
  readonly rules: AuthorizationRules;
  readonly checkPolicy: PolicyCheck;
}

/** Who can see and do what, and through which path: every field of the API for every role, by the rules that requests are held to. */
export async function buildRoleMatrix(input: MatrixInput): Promise<MatrixRow[]> {
  const reached = new Map<Audience, ReadonlyMap<string, string>>();
  for (const audience of audiences)
    reached.set(audience, reachableFields(input.schema, input.rules, await deniedFor(input, principalOf(audience))));
  return coordinatesOf(input.schema).map((coordinate) => ({
    coordinate,
    requires: requirementsOf(input.rules, coordinate),
    paths: Object.fromEntries(
      audiences.flatMap((audience) => {
        const path = reached.get(audience)?.get(coordinate);
        return path === undefined ? [] : [[audience, path]];
      }),
    ),
  }));
}

function principalOf(audience: Audience): Principal {
  return audience === 'anonymous'
    ? anonymous
    : userPrincipal('usr_matrix', 'ses_matrix', audience === 'CUSTOMER' ? ['CUSTOMER'] : ['CUSTOMER', audience]);
}

async function deniedFor({ rules, checkPolicy }: MatrixInput, principal: Principal): Promise<Set<number>> {
  const context = ruleContext({ principal, checkPolicy });
  const verdicts = await Promise.all(rules.all.map(({ rule }) => holds(rule, context)));
  return new Set(verdicts.flatMap((isMet, id) => (isMet ? [] : [id])));
}

function coordinatesOf(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((type) => (isObjectType(type) ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : []))
    .sort();
}

function requirementsOf(rules: AuthorizationRules, coordinate: string): string[] {
  const [type = '', field = ''] = coordinate.split('.');
  return rules.ofField(type, field).flatMap((id) => {
    const found = rules.all[id];
    return found ? [describeRequirement(found.requirement)] : [];
  });
}
