import { AppError } from '@app/errors';
import { Field, InputType, Int } from 'type-graphql';
import type { ReviewFilter } from '../domain/vocabulary.ts';

@InputType('ReviewFilter', { description: 'Which reviews; all conditions hold together.' })
export class ReviewFilterInput {
  @Field(() => [Int], { nullable: true, description: 'Only with one of these numbers of stars.' })
  stars?: number[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Only by people who bought the product here.' })
  verifiedOnly?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Only with pictures.' })
  withMedia?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Only in this language, as a BCP 47 tag such as "en".' })
  language?: string | null;
}

/** The filter in one normal form, so that equal ones are read together. @throws AppError BAD_USER_INPUT for what no review can match. */
export function toFilter(input: ReviewFilterInput | null | undefined): ReviewFilter {
  const { stars, verifiedOnly, withMedia, language } = input ?? {};
  if (stars?.some((each) => each < 1 || each > 5)) throw new AppError('BAD_USER_INPUT', 'filter.stars: stars go from 1 to 5.');
  if (language != null && !/^[a-z]{2,3}$/.test(language)) {
    throw new AppError('BAD_USER_INPUT', 'filter.language: give a language tag of two or three letters, such as "en".');
  }
  return {
    ...(stars != null && { stars: [...new Set(stars)].sort() }),
    ...(verifiedOnly === true && { verifiedOnly }),
    ...(withMedia === true && { withMedia }),
    ...(language != null && { language }),
  };
}
