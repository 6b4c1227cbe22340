import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import type { RequirementIndex } from './requirement-index.ts';

/** Numbers coordinates. Graphs of several schemas that share one have the same numbers. */
export class CoordinateNumbers {
  private readonly numbers = new Map<string, number>();
  private readonly names: string[] = [];

  /** The number of `Type.field`; a new one for a new one. */
  of(coordinate: string): number {
    const known = this.numbers.get(coordinate);
    if (known !== undefined) return known;
    this.numbers.set(coordinate, this.names.length);
    return this.names.push(coordinate) - 1;
  }

  /** The coordinate with this number. */
  nameOf(number: number): string {
    return this.names[number] ?? '';
  }

  /** How many there are. */
  get count(): number {
    return this.names.length;
  }
}

/** Fields that somebody gets, and a shortest way to each. */
export interface Reach {
  /** Numbers of their coordinates, in the order of a walk breadth first. */
  readonly fields: readonly number[];
  has(field: number): boolean;
  /** The fields on the way there, which is the last. */
  wayTo(field: number): number[];
}

interface FieldNode {
  readonly number: number;
  readonly needs: readonly number[];
  /** Place of the type that it returns; undefined for one without fields. */
  readonly target: number | undefined;
}

interface TypeNode {
  readonly needs: readonly number[];
  readonly fields: readonly FieldNode[];
  /** Places of the types that may stand behind it. */
  readonly possible: readonly number[];
}

const UNREACHED = -2;
const ROOT = -1;

/** The fields of a schema with the requirements on them, prepared for being walked for many audiences. */
export class FieldGraph {
  private readonly numbers: CoordinateNumbers;
  private readonly types: readonly TypeNode[];
  private readonly roots: readonly number[];

  constructor(
    schema: GraphQLSchema,
    requirements: Pick<RequirementIndex, 'ofType' | 'ofField'>,
    numbers: CoordinateNumbers = new CoordinateNumbers(),
  ) {
    const composite = Object.values(schema.getTypeMap())
      .filter((type) => isAbstractType(type) || isObjectType(type))
      .filter((type) => !isIntrospectionType(type));
    const places = new Map<string, number>(composite.map(({ name }, place) => [name, place]));
    const placesOf = (types: readonly GraphQLNamedType[]) => types.flatMap(({ name }) => places.get(name) ?? []);
    this.numbers = numbers;
    this.types = composite.map((type) => ({
      needs: requirements.ofType(type.name),
      possible: isAbstractType(type) ? placesOf(schema.getPossibleTypes(type)) : [],
      fields: (isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : []).map((field) => ({
        number: numbers.of(`${type.name}.${field.name}`),
        needs: requirements.ofField(type.name, field.name),
        target: places.get(getNamedType(field.type).name),
      })),
    }));
    this.roots = placesOf([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter((type) => type != null));
  }

  /** Numbers of all fields, but for those of introspection. */
  get fields(): ReadonlySet<number> {
    return new Set(this.types.flatMap(({ fields }) => fields.map(({ number }) => number)));
  }

  /** Every field that somebody gets who does not meet the requirements with these ids. Walks breadth first through allowed fields. */
  walk(denied: ReadonlySet<number>): Reach {
    const isAllowed = (needs: readonly number[]) => needs.length === 0 || !needs.some((id) => denied.has(id));
    const previous = new Int32Array(this.numbers.count).fill(UNREACHED);
    const visited = new Uint8Array(this.types.length);
    const fields: number[] = [];
    const queue = this.roots.map((place) => ({ place, via: ROOT }));
    for (const { place, via } of queue) {
      const type = this.types[place];
      if (type === undefined || visited[place] === 1 || !isAllowed(type.needs)) continue;
      visited[place] = 1;
      for (const possible of type.possible) queue.push({ place: possible, via });
      for (const { number, needs, target } of type.fields) {
        if (!isAllowed(needs)) continue;
        previous[number] = via;
        fields.push(number);
        if (target !== undefined && visited[target] === 0) queue.push({ place: target, via: number });
      }
    }
    return reachOf(fields, previous);
  }
}

function reachOf(fields: readonly number[], previous: Int32Array): Reach {
  const before = (field: number) => previous[field] ?? UNREACHED;
  return {
    fields,
    has: (field) => before(field) !== UNREACHED,
    wayTo(field) {
      const way: number[] = [];
      for (let step = field; step >= 0; step = before(step)) way.unshift(step);
      return way;
    },
  };
}
