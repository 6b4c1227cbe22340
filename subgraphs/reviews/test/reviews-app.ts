import { anonymous, InternalSigner, type Principal, type Role, userPrincipal } from '@app/auth';
import { newId } from '@app/database';
import { createLogger, Readiness } from '@app/observability';
import { startSubgraphServer } from '@app/subgraph';
import { testDatabase } from '@app/testing';
import { connectWorkflows } from '@app/workflow';
import { type Context, createContext } from '../src/context.ts';
import { saveAuthor } from '../src/data/authors.ts';
import { openDatabase } from '../src/data/client.ts';
import { reviewsTags } from '../src/graph/review.tags.ts';
import { reviewsSchema } from '../src/graph/schema.ts';
import type { ServiceOptions } from '../src/service/service-options.ts';
import { createServices } from '../src/services.ts';
import { workflows as registered } from '../src/workflows/registry.ts';
import { runsOf } from '../src/workflows/runs.ts';

const KEY = 'k'.repeat(32);

/** What came back. */
export interface Answer {
  /** Any JSON: tests say what they expect of it. */
  readonly data: ReturnType<typeof JSON.parse>;
  readonly errors?: { message: string; extensions: { code: string } }[];
}

/** The subgraph on a database of its own, behind its real server, called with signed requests. */
export async function openReviews({ onWritten = async () => undefined }: Partial<Pick<ServiceOptions, 'onWritten'>> = {}) {
  const database = await testDatabase('reviews');
  const statements: string[] = [];
  const db = openDatabase(database.url, { maxConnections: 20, onQuery: (sql) => void statements.push(sql) });
  const workflows = connectWorkflows({ name: 'reviews', url: database.url, workflows: registered });
  const clock = { ahead: 0 };
  const now = () => new Date(Date.now() + clock.ahead);
  const services = createServices({ db, runs: runsOf(workflows), now, onWritten });
  const { schema } = await reviewsSchema();
  const logged: string[] = [];
  const logger = createLogger({ service: 'reviews', level: 'error', destination: { write: (line: string) => void logged.push(line) } });
  const readiness = new Readiness();
  const context = (call: Parameters<typeof createContext>[1]) => createContext(services, call);
  const options = { name: 'reviews', schema, internalKey: KEY, logger, readiness, context, plugins: [reviewsTags] };
  const server = await startSubgraphServer<Context>(options, 0);
  const signer = new InternalSigner('reviews', KEY, 'gateway');

  async function call(principal: Principal, query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const body = JSON.stringify({ query, variables });
    const headers = { 'content-type': 'application/json', ...signer.sign(principal, body) };
    const response = await fetch(`http://localhost:${server.port}/graphql`, { method: 'POST', headers, body });
    return (await response.json()) as Answer;
  }

  return {
    db,
    database,
    services,
    workflows,
    /** Milliseconds that the server's clock is ahead. */
    clock,
    now,
    logger,
    statements,
    logged,
    call,
    async [Symbol.asyncDispose]() {
      await server.close();
      await workflows.close();
      await db.$disconnect();
      await database[Symbol.asyncDispose]();
    },
    /** A person with a name, holding roles. */
    async person(name: string, ...roles: Role[]) {
      const id = newId('usr');
      await saveAuthor(db, id, name);
      return userPrincipal(id, newId('ses'), ['CUSTOMER', ...roles]);
    },
  };
}

export type Reviews = Awaited<ReturnType<typeof openReviews>>;

export const nobody = anonymous;
export const product = () => newId('prd');

const REVIEW = `review { id status rating title body version viewerCanEdit verifiedPurchase helpfulCount moderationReason pendingEdit { rating title body } }
  userErrors { __typename code path message ... on AlreadyReviewedError { existing { id } } ... on ConflictError { currentVersion } }`;

export const SUBMIT = `mutation ($input: ReviewSubmitInput!) { it: reviewSubmit(input: $input) { ${REVIEW} } }`;
export const UPDATE = `mutation ($id: ID!, $input: ReviewUpdateInput!, $expectedVersion: Int) { it: reviewUpdate(id: $id, input: $input, expectedVersion: $expectedVersion) { ${REVIEW} } }`;
export const DELETE = `mutation ($id: ID!) { it: reviewDelete(id: $id) { deletedId userErrors { __typename code path } } }`;
export const VOTE = `mutation ($reviewId: ID!, $value: VoteValue) { it: reviewVoteSet(reviewId: $reviewId, value: $value) { ${REVIEW} } }`;
export const REPORT = `mutation ($input: ReviewReportInput!) { it: reviewReport(input: $input) { ${REVIEW} } }`;
export const MODERATE = `mutation ($id: ID!, $input: ReviewModerateInput!) { it: reviewModerate(id: $id, input: $input) { ${REVIEW} } }`;
export const REPLY = `mutation ($reviewId: ID!, $body: String) { it: reviewReplySet(reviewId: $reviewId, body: $body) { ${REVIEW} } }`;
export const ASK = `mutation ($input: QuestionAskInput!) { it: questionAsk(input: $input) { question { id body author { displayName } } userErrors { __typename code path } } }`;
export const ANSWER = `mutation ($questionId: ID!, $body: String!) { it: questionAnswer(questionId: $questionId, body: $body) { answer { id body fromMerchant } userErrors { __typename code path } } }`;

/** Entities by representation, as the gateway asks for them. */
export const entities = (typename: string, selection: string) =>
  `query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on ${typename} { ${selection} } } }`;
export const keys = (typename: string, ids: readonly string[]) => ({ keys: ids.map((id) => ({ __typename: typename, id })) });
