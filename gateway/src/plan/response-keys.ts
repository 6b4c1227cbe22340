import { type DirectiveNode, type DocumentNode, type FieldNode, type GraphQLSchema, isInputObjectType, Kind, visit } from 'graphql';
import type { SupergraphGeneration } from '../supergraph/supergraph-generation.ts';
import { ambiguousKeys, clientKeyOf, signatureOf } from './ambiguous-keys.ts';
import { certainSelections, KEPT_TYPENAME } from './certain-selections.ts';
import { plannedVariable } from './variable-names.ts';

const PREFIX = 'alias__';

/** Endings that tell fields of one name apart: the planner's, ours, and those of `addRequiredVariants`. */
const PLANNED_ENDING = /__alias_\d+$/;
const OWN_ENDING = /__as_\d+$/;
const VARIANT_ENDING = /__required_\d+$/;

/**
 * The keys under which answers of subgraphs are merged. They are the client's, except where the planner would take one field for another:
 * an alias that is the name of a field (`id: name`), and one key for two fields, of which an object could then have only one. Those get keys that no field has, in the plan and in the merged tree; the response has the client's.
 */
export class ResponseKeys {
  private static readonly known = new WeakMap<GraphQLSchema, ResponseKeys>();

  /** The keys for a supergraph. */
  static of(schemas: KeySchemas): ResponseKeys {
    const known = ResponseKeys.known.get(schemas.fullSchema) ?? new ResponseKeys(schemas);
    ResponseKeys.known.set(schemas.fullSchema, known);
    return known;
  }

  private readonly fieldNames: ReadonlySet<string>;
  private readonly hiddenNames: ReadonlySet<string>;
  private readonly prefix: string;

  private constructor({ fullSchema, apiSchema }: KeySchemas) {
    this.fieldNames = fieldNamesOf(fullSchema);
    this.hiddenNames = this.fieldNames.difference(fieldNamesOf(apiSchema));
    this.prefix = freePrefix(this.fieldNames);
  }

  /** The keys for one document: the same ones whenever it is asked for. */
  forDocument(document: DocumentNode): DocumentKeys {
    const ambiguous = ambiguousKeys(document);
    const signatures = new Map<string, string[]>();
    const keyOf = (node: FieldNode): string => {
      const key = clientKeyOf(node);
      const base = this.isTaken(node) ? `${this.prefix}${key}_` : key;
      if (!ambiguous.has(key)) return base;
      const known = signatures.get(key) ?? [];
      signatures.set(key, known);
      const signature = signatureOf(node);
      const index = known.indexOf(signature);
      return `${base}__as_${index === -1 ? known.push(signature) : index + 1}`;
    };
    const complete = certainSelections(document);
    const labels = new Map<DirectiveNode, string>();
    const planned: DocumentNode = visit(document, {
      Field: (node) => {
        if (node === KEPT_TYPENAME) return undefined;
        const key = keyOf(node);
        const selectionSet = complete(node);
        if (key === clientKeyOf(node) && selectionSet === node.selectionSet) return undefined;
        const alias = key === node.name.value ? undefined : ({ kind: Kind.NAME, value: key } as const);
        return { ...node, alias, selectionSet };
      },
      Variable: ({ name }) => {
        const planned = plannedVariable(name.value);
        return planned === name.value ? undefined : { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: planned } };
      },
      Directive: (node) => {
        if (node.name.value !== 'defer') return undefined;
        labels.set(node, String(labels.size));
        return withLabel(node, String(labels.size - 1));
      },
    });
    return { keyOf, planned, labelOf: (defer) => labels.get(defer) };
  }

  /** The client's path for one of the plan's; undefined for what the client does not see: a field that only a `@requires` can have asked for. */
  clientPathOf(path: readonly (string | number)[]): (string | number)[] | undefined {
    const isSeen = (key: string) => !(VARIANT_ENDING.test(key) || this.hiddenNames.has(key));
    if (!path.every((element) => typeof element === 'number' || isSeen(element))) return undefined;
    return path.map((element) => (typeof element === 'string' ? this.clientNameOf(element) : element));
  }

  private clientNameOf(key: string): string {
    const name = key.replace(PLANNED_ENDING, '').replace(OWN_ENDING, '');
    return name.startsWith(this.prefix) ? name.slice(this.prefix.length, -1) : name;
  }

  private isTaken({ name, alias }: FieldNode): boolean {
    if (alias === undefined || alias.value === name.value) return false;
    // Names with two underscores are those that the planner and we make up.
    return this.fieldNames.has(alias.value) || alias.value.includes('__');
  }
}

/** What the keys of a supergraph depend on: all that subgraphs may be asked for, and what clients may ask for. */
export type KeySchemas = Pick<SupergraphGeneration, 'fullSchema' | 'apiSchema'>;

/** The keys of one document. */
export interface DocumentKeys {
  /** Where the value of a client's field is kept while the plan runs: equal for selections that the client sees as one field. */
  readonly keyOf: (node: FieldNode) => string;
  /** The plan's name for a `@defer` of the document. */
  readonly labelOf: (defer: DirectiveNode) => string | undefined;
  /** The document with these keys, and with labels and names of variables of ours: as it is planned. */
  readonly planned: DocumentNode;
}

function withLabel(defer: DirectiveNode, label: string): DirectiveNode {
  const others = defer.arguments?.filter((argument) => argument.name.value !== 'label') ?? [];
  const value = { kind: Kind.STRING, value: label } as const;
  return { ...defer, arguments: [...others, { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'label' }, value }] };
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
