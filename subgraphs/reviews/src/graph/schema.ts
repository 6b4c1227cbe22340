import { buildFederatedSchema, ConflictError, InputError, NotFoundError, RateLimitedError, type SubgraphSchema } from '@app/subgraph';
import { AccountResolver } from './account.resolver.ts';
import { Account } from './account.type.ts';
import { AlreadyReviewedError } from './payloads.ts';
import { ProductResolver } from './product.resolver.ts';
import { QuestionResolver } from './question.resolver.ts';
import { references } from './references.ts';
import { ReviewResolver } from './review.resolver.ts';
import { UserResolver } from './user.resolver.ts';

/** The subgraph's schema, built once per process. */
export function reviewsSchema(): Promise<SubgraphSchema> {
  return buildFederatedSchema({
    resolvers: [ReviewResolver, QuestionResolver, ProductResolver, UserResolver, AccountResolver],
    // Reached by reference, or through the interface UserError only.
    orphanedTypes: [Account, InputError, NotFoundError, ConflictError, RateLimitedError, AlreadyReviewedError],
    references,
  });
}
