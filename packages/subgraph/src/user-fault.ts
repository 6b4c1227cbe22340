import type { UserError } from './types/user-error.type.ts';

/** Thrown by a service to end a use case, and roll its transaction back, with errors that the customer can act on. */
export class UserFault extends Error {
  override readonly name = 'UserFault';
  readonly errors: readonly UserError[];

  constructor(...errors: readonly UserError[]) {
    super(errors.map((error) => error.code).join(', '));
    this.errors = errors;
  }
}

/**
 * Runs a use case and makes the payload of its mutation: what it returned with no errors, or the errors alone.
 * Everything but a {@link UserFault} is a fault and goes on up.
 */
export async function toPayload<Data extends object, Empty extends object>(
  work: () => Promise<Data>,
  empty: Empty,
): Promise<(Data | Empty) & { userErrors: UserError[] }> {
  try {
    return { ...(await work()), userErrors: [] };
  } catch (error) {
    if (error instanceof UserFault) return { ...empty, userErrors: [...error.errors] };
    throw error;
  }
}
