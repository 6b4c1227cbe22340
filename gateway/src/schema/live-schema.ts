import { EventEmitter } from 'node:events';
import type { GatewayGraphQLRequestContext, GatewayInterface } from '@apollo/server-gateway-interface';
import type { GraphQLSchema } from 'graphql';
import type { ExecutorResult } from './executor.ts';
import type { Generation } from './generation.ts';
import type { SupergraphSource } from './supergraph-source.ts';

type SchemaListener = Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0];
type Execute = (generation: Generation, requestContext: GatewayGraphQLRequestContext) => Promise<ExecutorResult>;

/** What happened to the schema, for logs and metrics. */
export interface LiveSchemaEvents {
  swapped: [generation: Generation];
  refused: [reason: unknown];
}

/** Options of {@link LiveSchema}. */
export interface LiveSchemaOptions {
  readonly build: (supergraphSdl: string) => Promise<Generation>;
  readonly execute: Execute;
  /** Prepares the next generation for what the live one is asked for, before it takes over. */
  readonly prepare?: (next: Generation, live: Generation) => Promise<void>;
  /** How long a replaced generation is kept for the requests that started on it. */
  readonly retireAfterMs: number;
}

/**
 * The generation being served: the `gateway` that Apollo Server asks for (load, onSchemaLoadOrUpdate, stop), and the only thing that
 * replaces it. Updates are built one after the other; the newest wins; a bad one changes nothing.
 */
export class LiveSchema extends EventEmitter<LiveSchemaEvents> implements GatewayInterface {
  private live: Generation;
  private readonly generations = new WeakMap<GraphQLSchema, Generation>();
  private readonly retiring = new Map<Generation, NodeJS.Timeout>();
  private readonly schemaListeners = new Set<SchemaListener>();
  private updating: Promise<void> = Promise.resolve();

  private readonly options: LiveSchemaOptions;

  constructor(first: Generation, options: LiveSchemaOptions) {
    super();
    this.options = options;
    this.live = first;
    this.generations.set(first.apiSchema, first);
  }

  /** Builds the first generation; when it is bad, that of what is to be served instead. Rejects when there is nothing that can be served. */
  static async start(source: Pick<SupergraphSource, 'first' | 'instead'>, options: LiveSchemaOptions): Promise<LiveSchema> {
    const first = await options.build(source.first).catch(async (reason: unknown) => options.build(await source.instead(reason)));
    return new LiveSchema(first, options);
  }

  get current(): Generation {
    return this.live;
  }

  /** The generation that a request of Apollo Server started on. */
  generationOf(schema: GraphQLSchema): Generation {
    return this.generations.get(schema) ?? this.live;
  }

  /** Replaces the generation when the SDL is new and good. Never rejects: the outcome is an event. */
  update(supergraphSdl: string): Promise<void> {
    this.updating = this.updating.then(() => this.replace(supergraphSdl));
    return this.updating;
  }

  load(): ReturnType<GatewayInterface['load']> {
    this.announce(this.live);
    return Promise.resolve({
      executor: (context: GatewayGraphQLRequestContext) => this.options.execute(this.generationOf(context.schema), context),
    });
  }

  onSchemaLoadOrUpdate(listener: SchemaListener): () => void {
    this.schemaListeners.add(listener);
    return () => this.schemaListeners.delete(listener);
  }

  async stop(): Promise<void> {
    await this.updating;
    const all = [this.live, ...this.retiring.keys()];
    for (const timer of this.retiring.values()) clearTimeout(timer);
    this.retiring.clear();
    await Promise.all(all.map((generation) => generation.executor.stop()));
  }

  private async replace(supergraphSdl: string): Promise<void> {
    if (supergraphSdl === this.live.sdl) return;
    try {
      const next = await this.options.build(supergraphSdl);
      await this.adopt(next);
      this.emit('swapped', next);
    } catch (error) {
      this.emit('refused', error);
    }
  }

  /** Serves the next generation, or lets go of what it holds. */
  private async adopt(next: Generation): Promise<void> {
    try {
      await this.options.prepare?.(next, this.live);
      this.generations.set(next.apiSchema, next);
      this.announce(next);
    } catch (error) {
      this.generations.delete(next.apiSchema);
      await next.executor.stop();
      throw error;
    }
    this.retire(this.live);
    this.live = next;
  }

  private announce({ apiSchema, sdl }: Generation): void {
    for (const listener of this.schemaListeners) listener({ apiSchema, coreSupergraphSdl: sdl });
  }

  private retire(generation: Generation): void {
    const timer = setTimeout(() => {
      this.retiring.delete(generation);
      void generation.executor.stop();
    }, this.options.retireAfterMs);
    timer.unref();
    this.retiring.set(generation, timer);
  }
}
