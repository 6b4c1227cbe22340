/** Codes of {@link JobError}. */
export type JobErrorCode = 'BAD_DATA' | 'BAD_ID' | 'UNAVAILABLE';

/** A job could not be put in, or the queue not be reached. */
export class JobError extends Error {
  override readonly name = 'JobError';

  constructor(
    readonly code: JobErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Thrown by a handler when no further try can help: the job goes to the dead set at once. */
export class HopelessJob extends Error {
  override readonly name = 'HopelessJob';
}
