/** What can be wrong with an event, its definition or its place in a stream. Closed list. */
export type EventErrorCode =
  | 'EVENT_DEFINITION_INVALID'
  | 'EVENT_DATA_INVALID'
  | 'EVENT_TOO_LARGE'
  | 'EVENT_UNREADABLE'
  | 'EVENT_VERSION_UNKNOWN'
  | 'EVENT_LOG_AHEAD'
  | 'EVENT_STREAM_CONFLICT'
  | 'EVENT_UPCAST_FAILED';

/** A fault of the events library. `code` narrows; the message names the event type, and the value at fault. */
export class EventError extends Error {
  override readonly name = 'EventError';

  constructor(
    readonly code: EventErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
