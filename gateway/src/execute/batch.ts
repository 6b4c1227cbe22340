import type { ResponsePath } from '@apollo/query-planner';
import { isJsonObject, type JsonObject } from './json-object.ts';
import { mergeInto } from './merge.ts';
import { collectTargetPaths, collectTargets } from './targets.ts';

/** The objects that one `_entities` field is about, and the distinct representations that stand for them. */
export class Batch {
  readonly representations: string[] = [];
  /** For each target the index of its representation, -1 when it lacks what the subgraph requires. */
  private readonly indexes: number[] = [];
  private readonly targets: JsonObject[] = [];
  private readonly root: JsonObject;
  private readonly paths: readonly ResponsePath[];

  constructor(root: JsonObject, paths: readonly ResponsePath[], represent: (target: JsonObject) => string | undefined) {
    this.root = root;
    this.paths = paths;
    const known = new Map<string, number>();
    for (const path of paths) {
      for (const target of collectTargets(root, path)) {
        const representation = represent(target);
        this.targets.push(target);
        this.indexes.push(representation === undefined ? -1 : this.indexOf(representation, known));
      }
    }
  }

  /** Merges the answers. A subgraph that knows an entity as an interface object names the interface: the type known before is kept then. */
  distribute(entities: readonly unknown[], isConcrete: (typename: unknown) => boolean): void {
    for (let position = 0; position < this.targets.length; position++) {
      const target = this.targets[position];
      const entity = entities[this.indexes[position] ?? -1];
      if (target === undefined || !isJsonObject(entity)) continue;
      const typename = target['__typename'];
      mergeInto(target, entity);
      if (target['__typename'] !== typename && isConcrete(typename)) target['__typename'] = typename;
    }
  }

  /** Every place in the response that the representation with this index stands for. */
  placesOf(index: string | number | undefined): (string | number)[][] {
    const places = this.paths.flatMap((path) => collectTargetPaths(this.root, path));
    return places.filter((_, position) => this.indexes[position] === index);
  }

  private indexOf(representation: string, known: Map<string, number>): number {
    const index = known.get(representation);
    if (index !== undefined) return index;
    known.set(representation, this.representations.length);
    return this.representations.push(representation) - 1;
  }
}
