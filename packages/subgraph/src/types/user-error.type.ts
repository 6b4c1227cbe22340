import 'reflect-metadata';
import { Directive, Field, ID, Int, InterfaceType, ObjectType } from 'type-graphql';

/** Every expected failure of a mutation. Subgraphs add implementers with more fields, never fields to this interface. */
@InterfaceType('UserError', {
  description: 'An expected failure of a mutation, which the person using the client can act on. These three fields are always there.',
})
export abstract class UserError {
  @Field(() => String, { description: 'Stable code in capitals for programs, such as OUT_OF_STOCK.' })
  code!: string;

  @Field(() => String, { description: 'What is wrong and what to do, for people.' })
  message!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Path of the argument at fault, such as ["input", "email"]; null when it is about no single one.',
  })
  path!: string[] | null;
}

/** Facts of a user error: `path` is the argument at fault. */
export interface UserErrorFacts {
  readonly code: string;
  readonly message: string;
  readonly path?: readonly (string | number)[];
}

@Directive('@shareable')
@ObjectType('InputError', { implements: UserError, description: 'An argument is not acceptable.' })
export class InputError extends UserError {}

@Directive('@shareable')
@ObjectType('NotFoundError', { implements: UserError, description: 'The thing does not exist, or is not yours: the two look the same.' })
export class NotFoundError extends UserError {
  @Field(() => ID, { nullable: true, description: 'The id that was asked for.' })
  id!: string | null;
}

@Directive('@shareable')
@ObjectType('ConflictError', {
  implements: UserError,
  description: 'Somebody else changed it, or its state does not allow this: read it again, then decide.',
})
export class ConflictError extends UserError {
  @Field(() => Int, { nullable: true, description: 'Its version now, when it has one.' })
  currentVersion!: number | null;
}

@Directive('@shareable')
@ObjectType('RateLimitedError', { implements: UserError, description: 'Tried too often.' })
export class RateLimitedError extends UserError {
  @Field(() => Int, { description: 'Seconds to wait.' })
  retryAfterSeconds!: number;
}

/** Fills a user error class with its facts and the class's further fields. */
export function userError<Type extends UserError>(
  type: new () => Type,
  facts: UserErrorFacts,
  more: Partial<Omit<Type, keyof UserError>> = {},
): Type {
  return Object.assign(new type(), { code: facts.code, message: facts.message, path: facts.path?.map(String) ?? null }, more);
}

/** The input at `path` is not acceptable. */
export function inputError(path: readonly (string | number)[], code: string, message: string): InputError {
  return userError(InputError, { code, message, path });
}

/** There is no such thing, or it is not the caller's. */
export function notFound(what: string, id: string | null, path: readonly (string | number)[] = ['id']): NotFoundError {
  return userError(NotFoundError, { code: 'NOT_FOUND', message: `There is no such ${what}.`, path }, { id });
}

/** The state does not allow this, or the version is not the current one. */
export function conflict(
  code: string,
  message: string,
  currentVersion: number | null = null,
  path: readonly (string | number)[] = [],
): ConflictError {
  return userError(ConflictError, { code, message, ...(path.length > 0 && { path }) }, { currentVersion });
}
