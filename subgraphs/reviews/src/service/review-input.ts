import { isId } from '@app/database';
import { InputCheck } from '@app/subgraph';
import type { ReviewText } from '../domain/review-state.ts';

/** Longest title and text of a review, question, answer, reply and note, in characters. */
export const MAX_TITLE = 120;
export const MAX_BODY = 5_000;
export const MAX_NOTE = 1_000;
const MAX_MEDIA = 5;

/** A new review as it is sent. */
export interface SubmitInput {
  readonly productId: string;
  readonly rating: number;
  readonly title?: string | null;
  readonly body: string;
  readonly mediaUploadIds?: readonly string[] | null;
}

/** What an edit changes; a field that is left out stays, a title of null is taken off. */
export interface UpdateInput {
  readonly rating?: number | null;
  readonly title?: string | null;
  readonly body?: string | null;
}

const stars = { min: 1, max: 5 };

/** @throws UserFault naming everything that is wrong. */
export function checkSubmit(input: SubmitInput): ReviewText & { readonly productId: string } {
  const check = new InputCheck();
  check.require(isId('prd', input.productId), ['input', 'productId'], 'INVALID', 'Give the id of a product.');
  const rating = check.integer(input.rating, ['input', 'rating'], stars);
  const title = check.optionalText(input.title, ['input', 'title'], { max: MAX_TITLE });
  const body = check.text(input.body, ['input', 'body'], { max: MAX_BODY, multiline: true });
  const uploads = check.list(input.mediaUploadIds ?? [], ['input', 'mediaUploadIds'], { min: 0, max: MAX_MEDIA });
  uploads.forEach((_, index) => {
    check.add(['input', 'mediaUploadIds', index], 'UNKNOWN_UPLOAD', 'There is no finished upload with this id.');
  });
  check.finish();
  return { productId: input.productId, rating, title, body };
}

/** @throws UserFault naming everything that is wrong. */
export function checkUpdate(input: UpdateInput): Partial<ReviewText> {
  const check = new InputCheck();
  const edit: { rating?: number; title?: string | null; body?: string } = {};
  if (input.rating != null) edit.rating = check.integer(input.rating, ['input', 'rating'], stars);
  if (input.title !== undefined) edit.title = check.optionalText(input.title, ['input', 'title'], { max: MAX_TITLE });
  if (input.body != null) edit.body = check.text(input.body, ['input', 'body'], { max: MAX_BODY, multiline: true });
  check.require(Object.keys(edit).length > 0, ['input'], 'REQUIRED', 'Give at least one thing to change.');
  check.finish();
  return edit;
}

/** A text of several lines that is required. */
export function checkBody(value: string, path: readonly string[]): string {
  const check = new InputCheck();
  const body = check.text(value, path, { max: MAX_BODY, multiline: true });
  check.finish();
  return body;
}
