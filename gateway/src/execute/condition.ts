import { type DirectiveNode, Kind, type OperationDefinitionNode } from 'graphql';
import type { Variables } from './variables.ts';

/** A test on the client's variables. */
export type Condition = (variables: Variables) => boolean;

/** A Boolean variable that must be true, or false when negated. */
export interface Literal {
  readonly variable: string;
  readonly isNegated: boolean;
}

/** Literals that must all hold; the empty list always holds, `never` never does. */
export type Conjunction = readonly Literal[] | 'never';

/** Adds the `@skip` and `@include` of a selection to what must already hold around it. */
export function narrow(outer: Conjunction, directives: readonly DirectiveNode[] | undefined): Conjunction {
  if (outer === 'never' || directives === undefined || directives.length === 0) return outer;
  const literals = [...outer];
  for (const directive of directives) {
    const isSkip = directive.name.value === 'skip';
    if (!isSkip && directive.name.value !== 'include') continue;
    const value = directive.arguments?.find((argument) => argument.name.value === 'if')?.value;
    if (value?.kind === Kind.BOOLEAN && value.value === isSkip) return 'never';
    if (value?.kind === Kind.VARIABLE) literals.push({ variable: value.name.value, isNegated: isSkip });
  }
  return literals;
}

/** Makes the compiler of variable tests for one operation: a variable that the client left out has its default. */
export function conditionCompiler(operation: OperationDefinitionNode): (variable: string) => Condition {
  const trueByDefault = new Set<string>();
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    if (defaultValue?.kind === Kind.BOOLEAN && defaultValue.value) trueByDefault.add(variable.name.value);
  }
  return (variable) => {
    const fallback = trueByDefault.has(variable);
    return (variables) => {
      const value = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
      return value === undefined ? fallback : value === true;
    };
  };
}

/** Compiles "any of these holds"; undefined when one always does. */
export function compileAny(conjunctions: readonly Conjunction[], conditionOf: (variable: string) => Condition): Condition | undefined {
  const possible = conjunctions.filter((conjunction) => conjunction !== 'never');
  if (possible.some((literals) => literals.length === 0)) return undefined;
  const alternatives = possible.map((literals) => literals.map(({ variable, isNegated }) => ({ test: conditionOf(variable), isNegated })));
  return (variables) => alternatives.some((tests) => tests.every(({ test, isNegated }) => test(variables) !== isNegated));
}
