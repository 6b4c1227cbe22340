import { hasScope, type Principal } from '@app/auth';
import { isId, newId } from '@app/database';
import { InputCheck, notFound, UserFault } from '@app/subgraph';
import { type AnswerRow, findQuestions, insertAnswer, insertQuestion, type QuestionRow } from '../data/questions.ts';
import { productTag } from '../domain/cache-tags.ts';
import { requireUser } from './access.ts';
import { checkBody, MAX_BODY } from './review-input.ts';
import type { ServiceOptions } from './service-options.ts';

/** A question as it is sent. */
export interface AskInput {
  readonly productId: string;
  readonly body: string;
}

/** What people ask about products, and what others answer. */
export class Questions {
  constructor(private readonly options: ServiceOptions) {}

  async ask(principal: Principal, input: AskInput): Promise<QuestionRow> {
    const { id: authorId } = requireUser(principal);
    const check = new InputCheck();
    check.require(isId('prd', input.productId), ['input', 'productId'], 'INVALID', 'Give the id of a product.');
    const body = check.text(input.body, ['input', 'body'], { max: MAX_BODY, multiline: true });
    check.finish();
    const { db, now, onWritten } = this.options;
    const question = await insertQuestion(db, { id: newId('qst'), productId: input.productId, authorId, body, createdAt: now() });
    await onWritten([productTag(input.productId)]);
    return question;
  }

  /** Answers a question; an answer by staff is marked as the merchant's. */
  async answer(principal: Principal, questionId: string, text: string): Promise<AnswerRow> {
    const { id: authorId } = requireUser(principal);
    const body = checkBody(text, ['body']);
    const { db, now, onWritten } = this.options;
    const [question] = isId('qst', questionId) ? await findQuestions(db, [questionId]) : [];
    if (question === undefined) throw new UserFault(notFound('question', questionId, ['questionId']));
    const fromMerchant = hasScope(principal, 'reviews:reply');
    const answer = await insertAnswer(db, { id: newId('ans'), questionId, authorId, body, fromMerchant, createdAt: now() });
    await onWritten([productTag(question.productId)]);
    return answer;
  }
}
