/** What can go wrong while services are provided and processes started; each has its own remedy. */
export type PlatformErrorCode =
  | 'PORT_TAKEN'
  | 'DISK_FULL'
  | 'DATA_FROM_OTHER_VERSION'
  | 'DATA_IN_USE'
  | 'UNSUPPORTED_PLATFORM'
  | 'REDIS_UNAVAILABLE'
  | 'NATS_UNAVAILABLE'
  | 'SERVICE_FAILED'
  | 'WRONG_VARIABLE'
  | 'WRONG_GRAPH'
  | 'WRONG_NAME'
  | 'ALREADY_RUNNING'
  | 'PROCESS_FAILED';

/**
 * A failure the person at the keyboard can do something about.
 *
 * `message` says what happened, `remedy` what to do next, in one sentence each. Both are printed as they are, without
 * a stack; neither ever contains a secret.
 */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly code: PlatformErrorCode;
  readonly remedy: string;

  constructor(code: PlatformErrorCode, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.remedy = remedy;
  }
}
