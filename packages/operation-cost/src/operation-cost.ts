import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { argumentCoordinate, type CostModel } from './cost-model.ts';

type Variables = Readonly<Record<string, unknown>>;

/** What an operation costs with given variables, and the pages that it asks for. */
export interface Price {
  readonly cost: number;
  readonly pages: readonly { readonly field: string; readonly argument: string; readonly size: number }[];
}

/** An operation's price, compiled: to be evaluated per request, with coerced variables. */
export type PriceTag = (variables: Variables) => Price;

/** What a price is made from. */
export interface PricingInput {
  readonly schema: GraphQLSchema;
  readonly costs: CostModel;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Items of a list that nothing says the size of. */
  readonly defaultListSize: number;
}

/** Cost of a mutation before its fields: it changes something. */
const MUTATION_COST = 10;

/** A selection's cost; `inherited` is the list size that the parent's `sizedFields` gives it. */
type Term = { readonly name: string; readonly cost: (variables: Variables, inherited: number | undefined) => number };
type Getter = (variables: Variables) => unknown;

/**
 * Compiles the static cost of an operation: an object costs 1, a leaf 0, `@cost` says otherwise; a list costs its items, whose number comes
 * from `@listSize`. As the IBM cost specification defines it and Apollo Router's demand control implements it.
 */
export function compilePrice(input: PricingInput): PriceTag {
  const pricing = new Pricing(input);
  const root = input.schema.getRootType(input.operation.operation);
  const terms = root ? pricing.terms(input.operation.selectionSet, root) : [];
  const base = input.operation.operation === 'mutation' ? MUTATION_COST : 0;
  const price: PriceTag = (variables) => ({
    cost: base + sum(terms, variables),
    pages: pricing.pages.flatMap(({ field, argument, get }) => {
      const size = get(variables);
      return typeof size === 'number' ? [{ field, argument, size }] : [];
    }),
  });
  return input.operation.variableDefinitions?.length ? price : constant(price({}));
}

function constant<Value>(value: Value): () => Value {
  return () => value;
}

class Pricing {
  readonly pages: { readonly field: string; readonly argument: string; readonly get: Getter }[] = [];
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly input: PricingInput;

  constructor(input: PricingInput) {
    this.input = input;
    this.fragments = new Map(
      input.document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
    );
  }

  terms(set: SelectionSetNode, parent: GraphQLCompositeType): Term[] {
    return set.selections.flatMap((node) => {
      if (node.kind === Kind.FIELD) return this.field(node, parent);
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? this.fragments.get(node.name.value) : node;
      const type = fragment?.typeCondition && this.input.schema.getType(fragment.typeCondition.name.value);
      return fragment ? this.terms(fragment.selectionSet, isCompositeType(type) ? type : parent) : [];
    });
  }

  private field(node: FieldNode, parent: GraphQLCompositeType): Term[] {
    const name = node.name.value;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    if (!field) return [];
    const coordinate = `${parent.name}.${name}`;
    const named = getNamedType(field.type);
    const own = this.weight(coordinate) ?? this.weight(named.name) ?? defaultWeight(named);
    const children = node.selectionSet && isCompositeType(named) ? this.terms(node.selectionSet, named) : [];
    const args = this.argumentCosts(node, field, coordinate);
    const size = this.size(node, field, coordinate);
    const sizedFields = new Set(this.input.costs.listSizes.get(coordinate)?.sizedFields ?? []);
    const isList = isListOutput(field.type);
    const cost = (variables: Variables, inherited: number | undefined) => {
      const items = size(variables);
      const count = isList ? (inherited ?? items ?? this.input.defaultListSize) : 1;
      const inner = children.reduce((total, child) => total + child.cost(variables, sizedFields.has(child.name) ? items : undefined), 0);
      return Math.max(0, count * (own + inner) + args(variables));
    };
    return [{ name, cost }];
  }

  /** The expected number of items: the largest slicing argument given, else what is assumed. */
  private size(node: FieldNode, field: GraphQLField<unknown, unknown>, coordinate: string): (variables: Variables) => number | undefined {
    const listSize = this.input.costs.listSizes.get(coordinate);
    const slicing = new Set([...(listSize?.slicingArguments ?? []), 'first', 'last']);
    const getters: Getter[] = [];
    for (const argument of field.args.filter((item) => slicing.has(item.name))) {
      const get = this.argument(node, argument);
      this.pages.push({ field: coordinate, argument: argument.name, get });
      if (listSize?.slicingArguments?.includes(argument.name)) getters.push(get);
    }
    return (variables) => {
      const given = getters.map((get) => get(variables)).filter((value) => typeof value === 'number');
      return given.length > 0 ? Math.max(0, ...given) : listSize?.assumedSize;
    };
  }

  private argumentCosts(node: FieldNode, field: GraphQLField<unknown, unknown>, coordinate: string): (variables: Variables) => number {
    const costs = (node.arguments ?? []).map((given) => {
      const argument = field.args.find((item) => item.name === given.name.value);
      return argument ? (this.weight(argumentCoordinate(coordinate, argument.name)) ?? this.inputWeight(getNamedType(argument.type))) : 0;
    });
    const total = costs.reduce((all, cost) => all + cost, 0);
    return () => total;
  }

  private inputWeight(type: GraphQLNamedType): number {
    return this.weight(type.name) ?? (isInputObjectType(type) ? 1 : 0);
  }

  private argument(node: FieldNode, argument: GraphQLArgument): Getter {
    const value = node.arguments?.find((item) => item.name.value === argument.name)?.value;
    return value === undefined ? () => argument.defaultValue : this.value(value, argument.defaultValue);
  }

  private value(node: ValueNode, fallback: unknown): Getter {
    if (node.kind !== Kind.VARIABLE) {
      const literal = valueFromASTUntyped(node);
      return () => literal;
    }
    const name = node.name.value;
    return (variables) => variables[name] ?? fallback;
  }

  private weight(coordinate: string): number | undefined {
    return this.input.costs.weights.get(coordinate);
  }
}

function sum(terms: readonly Term[], variables: Variables): number {
  return terms.reduce((total, term) => total + term.cost(variables, undefined), 0);
}

function defaultWeight(type: GraphQLNamedType): number {
  return isCompositeType(type) ? 1 : 0;
}

function isListOutput(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}
