import { type Connection, pageRequest, toPayload } from '@app/subgraph';
import { Arg, Ctx, Directive, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { Answer } from './answer.type.ts';
import { AnswerConnection, mapConnection } from './connections.ts';
import { AnswerPayload, QuestionPayload } from './payloads.ts';
import { Question } from './question.type.ts';
import { QuestionAskInput } from './question-ask.input.ts';
import { SizedByFirst } from './sized.ts';

@Resolver(() => Question)
export class QuestionResolver {
  @Directive('@cacheControl(inheritMaxAge: true)')
  @SizedByFirst()
  @FieldResolver(() => AnswerConnection, { description: "What was answered: the shop's answer first, then the oldest." })
  async answers(
    @Root() { id }: Question,
    @Ctx() { loaders }: Context,
    @Arg('first', () => Int, { defaultValue: 5, description: 'How many at most, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on behind.' }) after: string | null,
  ): Promise<Connection<Answer>> {
    return mapConnection(await loaders.answersOfQuestion(id, pageRequest({ first, after }, 'ANSWERS', 3)), Answer.of);
  }

  @Directive('@authenticated')
  @Mutation(() => QuestionPayload, { description: 'Asks a question about a product.' })
  questionAsk(
    @Ctx() { principal, services, loaders }: Context,
    @Arg('input', () => QuestionAskInput, { description: 'The question.' }) input: QuestionAskInput,
  ): Promise<QuestionPayload> {
    const work = async () => ({ question: Question.of(await services.questions.ask(principal, input)) });
    return toPayload(work, { question: null }).finally(() => loaders.clear());
  }

  @Directive('@authenticated')
  @Mutation(() => AnswerPayload, { description: 'Answers a question; an answer by staff is marked as the shop’s.' })
  questionAnswer(
    @Ctx() { principal, services, loaders }: Context,
    @Arg('questionId', () => ID, { description: 'The question.' }) questionId: string,
    @Arg('body', () => String, { description: 'The text, at most 5,000 characters.' }) body: string,
  ): Promise<AnswerPayload> {
    const work = async () => ({ answer: Answer.of(await services.questions.answer(principal, questionId, body)) });
    return toPayload(work, { answer: null }).finally(() => loaders.clear());
  }
}
