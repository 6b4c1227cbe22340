import type { GraphQLError } from 'graphql';

/** A deferred part of an answer as the client knows it. */
export interface PendingPart {
  /** Unique in an answer. */
  readonly id: string;
  readonly label: string | undefined;
  readonly path: readonly (string | number)[];
}

/** A deferred part that is complete. `Failure` is what errors are: the executor's own kind, or what Apollo Server knows. */
export interface DeliveredPart<Failure> extends PendingPart {
  /** Its fields as JSON; `null` when something in it may not be null. */
  readonly data: string;
  readonly errors: readonly Failure[];
}

/** What is delivered together. */
export interface Delivery<Failure = GraphQLError> {
  readonly parts: readonly DeliveredPart<Failure>[];
  /** Parts within these parts that follow later. */
  readonly pending: readonly PendingPart[];
  readonly hasNext: boolean;
}

/** What follows the first piece of an answer. */
export interface DeferredAnswer<Failure = GraphQLError> {
  /** What the first piece left out; never empty. */
  readonly pending: readonly PendingPart[];
  /** Ends when everything is delivered. */
  readonly deliveries: AsyncIterable<Delivery<Failure>>;
}
