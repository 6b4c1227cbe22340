import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';
import type { Random } from './random.ts';

/** A random operation and variables for it. */
export interface RandomOperation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** What to write. */
export interface RandomOptions {
  /** The share of fragments that are deferred; 0 by default. */
  readonly defers?: number;
}

/** Writes a random operation on a schema. It may still be invalid (fields of one name that conflict): validate it. */
export function randomOperation(schema: GraphQLSchema, random: Random, { defers = 0 }: RandomOptions = {}): RandomOperation {
  return new OperationWriter(schema, random, defers).write();
}

class OperationWriter {
  private readonly schema: GraphQLSchema;
  private readonly random: Random;
  private readonly fragments: string[] = [];
  private readonly variables: Record<string, unknown> = {};
  private readonly declarations = new Set<string>();
  private readonly defers: number;
  private labels = 0;
  private budget: number;

  constructor(schema: GraphQLSchema, random: Random, defers: number) {
    this.schema = schema;
    this.random = random;
    this.defers = defers;
    this.budget = 5 + random.below(35);
  }

  write(): RandomOperation {
    const mutation = this.schema.getMutationType();
    const isMutation = mutation !== undefined && mutation !== null && this.random.chance(0.15);
    const root = isMutation ? mutation : (this.schema.getQueryType() as GraphQLObjectType);
    const body = this.selections(root, 0);
    const declarations = this.declarations.size === 0 ? '' : `(${[...this.declarations].join(', ')})`;
    return {
      query: `${isMutation ? 'mutation' : 'query'} Random${declarations} ${body}\n${this.fragments.join('\n')}`,
      variables: this.variables,
    };
  }

  private selections(type: GraphQLCompositeType, depth: number): string {
    const count = 1 + this.random.below(depth === 0 ? 3 : 5);
    const parts = Array.from({ length: count }, () => this.selection(type, depth)).filter((part) => part !== '');
    if (parts.length === 0 || this.random.chance(0.2)) parts.push(this.random.chance(0.7) ? '__typename' : 'kind: __typename');
    return `{ ${parts.join(' ')} }`;
  }

  private selection(type: GraphQLCompositeType, depth: number): string {
    this.budget--;
    if (depth > 0 && this.budget > -50 && this.random.chance(isAbstractType(type) ? 0.5 : 0.12 + this.defers / 2))
      return this.fragment(type, depth);
    if (isUnionType(type)) return '';
    const fields = Object.values(type.getFields()).filter((field) => this.canDescend(depth) || !isCompositeType(getNamedType(field.type)));
    if (fields.length === 0) return '';
    const field = this.random.pick(fields);
    const named = getNamedType(field.type);
    const argumentText = this.arguments(field.args);
    // Mostly the alias follows from the arguments, so that equal names do not often conflict.
    const alias = this.random.chance(0.12)
      ? `${this.random.pick(ALIASES)}: `
      : argumentText === '' || this.random.chance(0.1)
        ? ''
        : `${field.name}_${hash(argumentText)}: `;
    const inner = isCompositeType(named) ? ` ${this.selections(named, depth + 1)}` : '';
    return `${alias}${field.name}${argumentText}${this.condition()}${inner}`;
  }

  private canDescend(depth: number): boolean {
    return depth < 6 && this.budget > 0;
  }

  private fragment(type: GraphQLCompositeType, depth: number): string {
    const possible = isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type as GraphQLObjectType];
    const concrete = this.random.pick(possible);
    const target: GraphQLCompositeType = this.random.pick([concrete, concrete, ...concrete.getInterfaces(), type]);
    const inner = this.selections(target, depth + 0.5);
    if (this.random.chance(0.7)) return `... on ${target.name}${this.condition()}${this.defer()} ${inner}`;
    const name = `F${this.fragments.length}`;
    this.fragments.push(`fragment ${name} on ${target.name} ${inner}`);
    return `...${name}${this.condition()}${this.defer()}`;
  }

  private condition(): string {
    return this.random.chance(0.08) ? ` @${this.random.pick(['skip', 'include'])}(if: $${this.flag()})` : '';
  }

  private defer(): string {
    if (this.defers === 0 || !this.random.chance(this.defers)) return '';
    const label = this.random.chance(0.3) ? `label: "l${this.labels++}"` : '';
    // The planner makes a plan for every combination of conditions.
    const condition = this.random.chance(0.15) ? `if: $${this.flag()}` : '';
    return label === '' && condition === '' ? ' @defer' : ` @defer(${[condition, label].filter(Boolean).join(', ')})`;
  }

  /** A Boolean variable. */
  private flag(): string {
    const name = this.random.pick(['yes', 'no', 'byDefault']);
    this.declarations.add(name === 'byDefault' ? '$byDefault: Boolean! = true' : `$${name}: Boolean!`);
    if (name !== 'byDefault') this.variables[name] = name === 'yes';
    return name;
  }

  private arguments(args: readonly GraphQLArgument[]): string {
    const given = args
      .filter((argument) => isRequiredArgument(argument) || this.random.chance(0.5))
      .map((argument) => `${argument.name}: ${this.argument(argument)}`);
    return given.length === 0 ? '' : `(${given.join(', ')})`;
  }

  private argument(argument: GraphQLArgument): string {
    const value = getNamedType(argument.type).name === 'Int' ? 1 + this.random.below(3) : `v${this.random.below(3)}`;
    if (!this.random.chance(0.3)) return JSON.stringify(value);
    const name = `v${this.declarations.size}`;
    this.declarations.add(`$${name}: ${String(argument.type)}`);
    this.variables[name] = value;
    return `$${name}`;
  }
}

/** Names that would meet something else if answers were read carelessly, or if the planner took them for fields that it needs. */
const ALIASES = ['a', 'b', 'toString', 'constructor', 'name', 'id', 'upc', '__typename', 'alias__id'];

function hash(text: string): string {
  return [...text].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) >>> 0, 7).toString(36);
}
