import { hash } from 'node:crypto';
import { AppError } from '@app/errors';
import { compilePrice } from '@app/operation-cost';
import {
  type DocumentNode,
  type GraphQLError,
  getOperationAST,
  getVariableValues,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  specifiedRules,
  validate,
} from 'graphql';
import { protectOperation } from '../authorize/protected-operation.ts';
import type { Generation } from '../schema/generation.ts';
import type { CheckedOperation, OperationOrigin } from './checked-operation.ts';
import { nullableConditions } from './nullable-conditions.ts';
import { checkedOf, type Stage } from './request-state.ts';
import { countRootFields } from './root-fields.ts';
import { withoutLocations } from './without-locations.ts';

/** Options of {@link checkOperation}. */
export interface CheckOptions {
  /** Refuses documents that are too large; runs before validation. */
  readonly checkSize: (document: DocumentNode) => void;
  readonly allowsIntrospection: boolean;
  readonly defaultListSize: number;
}

/** All that validation found. Carried as one error through Apollo Server, answered as a list. */
export class InvalidDocument extends AppError {
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super('GRAPHQL_VALIDATION_FAILED', errors[0]?.message);
    this.errors = errors;
  }
}

/** Only so many validation errors are reported: each costs time. */
const MAX_ERRORS = 20;

/** Checks what depends on the operation's text only: size, validity, name; compiles its price and its access rules. Remembered per schema. */
export function checkOperation(options: CheckOptions): Stage {
  return (state) => {
    const { operations } = state.generation;
    const { source, sourceHash, document, operationName } = state;
    const name = `${sourceHash} ${operationName ?? ''}`;
    const known = operations.get(name);
    const checked = known ?? checkDocument(state.generation, { source, sourceHash, document, operationName, name }, options);
    if (!known) operations.meet(checked);
    checked.uses += 1;
    state.checked = checked;
    state.request.checked = checked;
    state.request.operationName = checked.operation.name?.value ?? 'anonymous';
    state.request.operationKind = checked.operation.operation;
  };
}

/** Refuses variables that do not fit the operation, before anything is priced or fetched with them. */
export const checkVariables: Stage = (state) => {
  const { operation, conditions } = checkedOf(state);
  if (operation.variableDefinitions === undefined || operation.variableDefinitions.length === 0) return;
  const { errors, coerced } = getVariableValues(
    state.generation.apiSchema,
    operation.variableDefinitions,
    { ...state.variables },
    { maxErrors: MAX_ERRORS },
  );
  if (errors) throw new AppError('BAD_USER_INPUT', errors[0]?.message);
  for (const name of conditions)
    if (coerced[name] === null)
      throw new AppError('BAD_USER_INPUT', `Variable "$${name}" decides in @skip or @include: it must not be null.`);
  state.coercedVariables = coerced;
};

/** Checks an operation against one version of the schema. @throws {AppError} what is wrong with it. */
export function checkDocument(generation: Generation, origin: OperationOrigin, options: CheckOptions): CheckedOperation {
  const { apiSchema: schema, rules, costs } = generation;
  options.checkSize(origin.document);
  const rulesOfValidity = options.allowsIntrospection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const errors = validate(schema, origin.document, rulesOfValidity, { maxErrors: MAX_ERRORS });
  if (errors.length > 0) throw new InvalidDocument(errors);
  // What is wrong with the text was told: nothing asks for places in it any more.
  const document = withoutLocations(origin.document);
  const operation = operationOf(document, origin.operationName);
  return {
    origin: { ...origin, document },
    uses: 0,
    document,
    schema,
    operation,
    key: hash('sha256', origin.name),
    rootFields: countRootFields(document, operation),
    conditions: nullableConditions(document, operation),
    price: compilePrice({ schema, costs, document, operation, defaultListSize: options.defaultListSize }),
    access: protectOperation({ schema, rules, document, operation }),
  };
}

function operationOf(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operation = getOperationAST(document, name);
  if (!operation) throw new AppError('OPERATION_RESOLUTION_FAILURE');
  if (operation.operation === 'subscription') throw new AppError('BAD_REQUEST', 'Subscriptions are not served over this transport.');
  return operation;
}
