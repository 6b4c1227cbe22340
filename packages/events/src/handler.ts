import { runWithRequest } from '@app/observability';
import type { EventDefinition, ReceivedEvent } from './define-event.ts';
import type { EventEnvelope } from './envelope.ts';
import type { EventTransaction } from './transaction.ts';
import { UNREADABLE_TYPE } from './transport/read-entry.ts';
import { unreadableEntries } from './unreadable-entry.ts';

/** One event type a consumer takes, and what it does with it. */
export interface Subscription<Tx extends EventTransaction> {
  readonly definition: EventDefinition;
  /** Runs in the transaction that also records the event as handled: its effect and that record commit together. */
  readonly handle: (event: ReceivedEvent<unknown>, tx: Tx) => Promise<void>;
}

type Method<Data> = (event: ReceivedEvent<Data>, tx: never) => Promise<void>;

interface Marked {
  readonly definition: EventDefinition;
  readonly method: string | symbol;
}

const marks = new WeakMap<object, Marked[]>();

/**
 * Marks the method of a class that handles an event: `@EventHandler(OrderConfirmed) async onConfirmed(event, tx) {…}`.
 * The method receives the data in its latest version and the open transaction; all its effects belong into that.
 */
export function EventHandler<Data>(definition: EventDefinition<Data, never>) {
  return <M extends Method<Data>>(target: object, method: string | symbol, _descriptor: TypedPropertyDescriptor<M>): void => {
    const known = marks.get(target) ?? [];
    marks.set(target, [...known, { definition: definition as EventDefinition, method }]);
  };
}

/** The subscriptions that `@EventHandler` marked on an object's class. @throws RangeError when there is none. */
export function handlersOf<Tx extends EventTransaction>(handler: object): readonly Subscription<Tx>[] {
  const marked = marks.get(Object.getPrototypeOf(handler)) ?? [];
  if (marked.length === 0) throw new RangeError(`${handler.constructor.name} has no method marked with @EventHandler`);
  return marked.map(({ definition, method }) => ({
    definition,
    handle: async (event, tx) => {
      await Reflect.apply(Reflect.get(handler, method), handler, [event, tx]);
    },
  }));
}

/** A subscription from a function, for consumers that need no class. */
export function on<Data, Tx extends EventTransaction>(
  definition: EventDefinition<Data, never>,
  handle: (event: ReceivedEvent<Data>, tx: Tx) => Promise<void>,
): Subscription<Tx> {
  return { definition: definition as EventDefinition, handle: (event, tx) => handle(event as ReceivedEvent<Data>, tx) };
}

/** Runs a subscription on an event. What it publishes is caused by the event and belongs to the same request and trace. */
export function handleEvent<Tx extends EventTransaction>(subscription: Subscription<Tx>, envelope: EventEnvelope, tx: Tx): Promise<void> {
  const { id, correlationid, traceparent } = envelope;
  const event = subscription.definition.read(envelope);
  return runWithRequest({ requestId: correlationid ?? id, causationId: id, traceparent }, () => subscription.handle(event, tx));
}

/** Subscriptions by event type. @throws RangeError when two take the same type: their order would be undefined. */
export function byType<Tx extends EventTransaction>(
  subscriptions: readonly Subscription<Tx>[],
): (envelope: EventEnvelope) => Subscription<Tx> | undefined {
  const types = new Map<string, Subscription<Tx>>();
  for (const subscription of subscriptions) {
    const { type } = subscription.definition;
    if (types.has(type)) throw new RangeError(`two handlers of one consumer take "${type}"`);
    types.set(type, subscription);
  }
  return (envelope) => types.get(envelope.type) ?? (envelope.type === UNREADABLE_TYPE ? unreadableEntries : undefined);
}
