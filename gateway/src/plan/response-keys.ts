import { type DocumentNode, type FieldNode, type GraphQLSchema, isInputObjectType, Kind, visit } from 'graphql';

const PREFIX = 'alias__';

/** Endings that the planner, and `addRequiredVariants`, put behind names to tell fields of one name apart. */
const PLANNED_ALIAS = /__alias_\d+$/;
const VARIANT = /__required_\d+$/;

/**
 * The keys under which answers of subgraphs are merged. A client may call any field by the name of another (`id: name`), which the planner
 * then takes for the key that it needs; such an alias gets a key that no field has, here and in the plan, and its own name in the response.
 */
export class ResponseKeys {
  private static readonly known = new WeakMap<GraphQLSchema, ResponseKeys>();

  /** The keys for a schema: everything that subgraphs may be asked for, `@inaccessible` fields included. */
  static of(schema: GraphQLSchema): ResponseKeys {
    const known = ResponseKeys.known.get(schema) ?? new ResponseKeys(schema);
    ResponseKeys.known.set(schema, known);
    return known;
  }

  private readonly fieldNames: ReadonlySet<string>;
  private readonly prefix: string;

  private constructor(schema: GraphQLSchema) {
    this.fieldNames = fieldNamesOf(schema);
    this.prefix = freePrefix(this.fieldNames);
  }

  /** Where the value of a client's field is kept while the plan runs: equal for selections that the client sees under one name. */
  keyOf({ name, alias }: FieldNode): string {
    if (alias === undefined || alias.value === name.value) return name.value;
    // Names with two underscores are those that the planner and we make up.
    const isTaken = this.fieldNames.has(alias.value) || alias.value.includes('__');
    return isTaken ? `${this.prefix}${alias.value}` : alias.value;
  }

  /** The client's path for one of the plan's; undefined for what the client does not see: a field that only a `@requires` asked for. */
  clientPathOf(path: readonly (string | number)[]): (string | number)[] | undefined {
    if (path.some((element) => typeof element === 'string' && VARIANT.test(element))) return undefined;
    return path.map((element) => (typeof element === 'string' ? this.clientNameOf(element) : element));
  }

  /** The operation as it is planned. */
  apply(document: DocumentNode): DocumentNode {
    return visit(document, {
      Field: (node) => {
        const key = this.keyOf(node);
        if (key === (node.alias?.value ?? node.name.value)) return undefined;
        return { ...node, alias: { kind: Kind.NAME, value: key } };
      },
    });
  }

  private clientNameOf(key: string): string {
    const name = key.replace(PLANNED_ALIAS, '');
    return name.startsWith(this.prefix) ? name.slice(this.prefix.length) : name;
  }
}

function fieldNamesOf(schema: GraphQLSchema): Set<string> {
  const types = Object.values(schema.getTypeMap()).filter((type) => !isInputObjectType(type));
  return new Set(types.flatMap((type) => ('getFields' in type ? Object.keys(type.getFields()) : [])));
}

function freePrefix(fieldNames: ReadonlySet<string>): string {
  let prefix = PREFIX;
  while ([...fieldNames].some((name) => name.startsWith(prefix))) prefix = `x${prefix}`;
  return prefix;
}
