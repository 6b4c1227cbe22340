import { isId } from '@app/database';
import type { ReferenceResolver } from '@app/subgraph';
import type { Context } from '../context.ts';
import { Account } from './account.type.ts';
import { Answer } from './answer.type.ts';
import { Product } from './product.type.ts';
import { Question } from './question.type.ts';
import { Review } from './review.type.ts';
import { User } from './user.type.ts';

/** An id as a representation carries it; anything else is the id of nothing, so that one bad key does not fail the batch. */
const idOf = (reference: Record<string, unknown>): string => (typeof reference['id'] === 'string' ? reference['id'] : '');

/** How other subgraphs' references to our entities, and to theirs that we add to, are resolved. Those of others need no I/O. */
export const references: Record<string, ReferenceResolver<Context>> = {
  Product: (reference) => (isId('prd', idOf(reference)) ? Product.of(idOf(reference)) : null),
  User: (reference) => (isId('usr', idOf(reference)) ? User.of(idOf(reference), '') : null),
  Account: (reference, { principal }) => (principal.kind === 'user' && principal.id === idOf(reference) ? Account.of(principal.id) : null),
  Review: async (reference, { loaders }) => {
    const row = await loaders.review.load(idOf(reference));
    return row === null ? null : Review.of(row);
  },
  Question: async (reference, { loaders }) => {
    const row = await loaders.question.load(idOf(reference));
    return row === null ? null : Question.of(row);
  },
  Answer: async (reference, { loaders }) => {
    const row = await loaders.answer.load(idOf(reference));
    return row === null ? null : Answer.of(row);
  },
};
