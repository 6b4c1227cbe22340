import type { Schema } from '@apollo/federation-internals';
import { compileRequirements, type Requirement, type RequirementIndex } from '@app/authorization';
import type { GraphQLSchema } from 'graphql';
import { compileRule, type Rule } from './shield.ts';

/** One distinct requirement of the schema, with its rule. Its place in the list is its id. */
export interface SchemaRule {
  readonly requirement: Requirement;
  readonly rule: Rule;
}

/** The rules of one schema: every coordinate maps to ids of rules which must all hold. */
export interface AuthorizationRules extends Pick<RequirementIndex, 'ofType' | 'ofField'> {
  readonly all: readonly SchemaRule[];
}

/** Compiles the requirements of a supergraph, once per schema. */
export function compileRules(supergraph: Schema, apiSchema: GraphQLSchema): AuthorizationRules {
  const index = compileRequirements(supergraph, apiSchema);
  return {
    all: index.all.map((requirement) => ({ requirement, rule: compileRule(requirement) })),
    ofType: (typeName) => index.ofType(typeName),
    ofField: (typeName, fieldName) => index.ofField(typeName, fieldName),
  };
}
