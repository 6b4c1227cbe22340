import { apiSchemaOf, type CheckOptions, check, compose, type Finding, findChanges, type SubgraphSource } from '@app/schema-registry/work';
import { describeSchema, type TypeDescription } from './describe-schema.ts';

/** What came of composing. */
export interface Composed {
  /** Null when the findings say why not. */
  readonly supergraph: string | null;
  readonly findings: readonly Finding[];
}

/** Work on schemas, by name: what goes in and what comes out. Both cross a thread, so they are plain data. */
export interface SchemaJobs {
  compose(input: readonly SubgraphSource[]): Promise<Composed>;
  check(input: CheckOptions): Promise<Finding[]>;
  /** Changes between two supergraphs, as clients see them. */
  changes(input: { readonly from: string; readonly to: string }): Promise<Finding[]>;
  /** What clients see of a supergraph. */
  describe(input: { readonly supergraph: string; readonly subgraphs: readonly SubgraphSource[] }): Promise<TypeDescription[]>;
}

/** Does the work where it is called. */
export const schemaJobs: SchemaJobs = {
  compose: async (subgraphs) => {
    const { supergraph, findings } = compose(subgraphs);
    return { supergraph, findings };
  },
  check,
  describe: async ({ supergraph, subgraphs }) => describeSchema(supergraph, subgraphs),
  changes: ({ from, to }) => findChanges({ from: apiSchemaOf(from), to: apiSchemaOf(to), uses: [] }),
};

/** A job on its way to the thread. */
export interface JobMessage {
  readonly name: keyof SchemaJobs;
  readonly input: unknown;
}

/** What the thread says: that it can begin, and then what came of each job. */
export type JobOutcome =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly message: string; readonly isUsage: boolean };
