import { copyOf, isJsonObject, type JsonObject } from './json-object.ts';
import { mergeInto } from './merge.ts';

/** Places in the response. */
export type Places = readonly (readonly (string | number)[])[];

/** Objects in the merged tree. */
export interface Targets {
  readonly objects: readonly JsonObject[];
  /** Where they stand, in their order: asked for when something went wrong. */
  readonly places: () => Places;
}

/** How answers become part of the objects that they are about. */
export interface Distribution {
  /** True for names of object types. */
  readonly isConcrete: (typename: unknown) => boolean;
  /** Gives each object nested objects of its own instead of sharing them: needed where answers depend on where an entity stands. */
  readonly isCopied: boolean;
}

/** The objects that one `_entities` field is about, and the distinct representations that stand for them. */
export class Batch {
  readonly representations: string[] = [];
  /** For each target the index of its representation, -1 when it lacks what the subgraph requires. */
  private readonly indexes: number[] = [];
  private readonly targets: Targets;

  constructor(targets: Targets, represent: (target: JsonObject) => string | undefined) {
    this.targets = targets;
    const known = new Map<string, number>();
    for (const target of targets.objects) {
      const representation = represent(target);
      this.indexes.push(representation === undefined ? -1 : this.indexOf(representation, known));
    }
  }

  /** Merges the answers. A subgraph that knows an entity as an interface object names the interface: the type known before is kept then. */
  distribute(entities: readonly unknown[], { isConcrete, isCopied }: Distribution): void {
    const { objects } = this.targets;
    for (let position = 0; position < objects.length; position++) {
      const target = objects[position];
      const entity = entities[this.indexes[position] ?? -1];
      if (target === undefined || !isJsonObject(entity)) continue;
      const typename = target['__typename'];
      mergeInto(target, isCopied ? copyOf(entity) : entity);
      if (target['__typename'] !== typename && isConcrete(typename)) target['__typename'] = typename;
    }
  }

  /** Every place in the response that the representation with this index stands for. */
  placesOf(index: string | number | undefined): Places {
    return this.targets.places().filter((_, position) => this.indexes[position] === index);
  }

  /** The objects that lack something that the subgraph requires. */
  incomplete(): Targets {
    const isLeft = (_: unknown, position: number) => this.indexes[position] === -1;
    return { objects: this.targets.objects.filter(isLeft), places: () => this.targets.places().filter(isLeft) };
  }

  private indexOf(representation: string, known: Map<string, number>): number {
    const index = known.get(representation);
    if (index !== undefined) return index;
    known.set(representation, this.representations.length);
    return this.representations.push(representation) - 1;
  }
}
