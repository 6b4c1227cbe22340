import type { Principal } from '@app/auth';
import type { PageRequest } from '@app/subgraph';
import DataLoader from 'dataloader';
import type { ReviewFilter, ReviewSort } from '../domain/vocabulary.ts';
import type { Services } from '../services.ts';

const BATCH = { maxBatchSize: 500 };

/** How a list of reviews is asked for. */
export interface ReviewListArguments {
  readonly page: PageRequest;
  readonly sort: ReviewSort;
  readonly filter: ReviewFilter;
}

/** Loads by key, each kind in one statement for all keys of a request. */
export class Loaders {
  readonly #services: Services;
  readonly #principal: Principal;
  /** One loader per kind of list and arguments: parents with the same arguments are read together. */
  readonly #lists = new Map<string, DataLoader<string, unknown>>();

  readonly review = this.#loader((ids) => this.#services.reading.reviews(this.#principal, ids));
  readonly viewerReview = this.#loader((ids) => this.#services.reading.viewerReviews(this.#principal, ids));
  readonly viewerVote = this.#loader((ids) => this.#services.reading.viewerVotes(this.#principal, ids));
  readonly rating = this.#loader((ids) => this.#services.reading.ratings(ids));
  readonly media = this.#loader((ids) => this.#services.reading.media(ids));
  readonly authorName = this.#loader((ids) => this.#services.reading.authorNames(ids));
  readonly question = this.#loader((ids) => this.#services.reading.questions(ids));
  readonly answer = this.#loader((ids) => this.#services.reading.answers(ids));
  readonly questionCount = this.#loader((ids) => this.#services.listing.countQuestions(ids));
  readonly answerCount = this.#loader((ids) => this.#services.listing.countAnswers(ids));

  constructor(principal: Principal, services: Services) {
    this.#principal = principal;
    this.#services = services;
  }

  reviewsOfProduct(id: string, args: ReviewListArguments) {
    const { listing } = this.#services;
    const count = (parentId: string) => this.reviewCount('product', parentId, args.filter);
    return this.#list('product', args, (ids) => listing.reviewsOfProducts(ids, args, count)).load(id);
  }

  reviewsOfAuthor(id: string, args: ReviewListArguments) {
    const { listing } = this.#services;
    const count = (parentId: string) => this.reviewCount('author', parentId, args.filter);
    return this.#list('author', args, (ids) => listing.reviewsOfAuthors(ids, args, count)).load(id);
  }

  questionsOfProduct(id: string, page: PageRequest) {
    const { listing } = this.#services;
    return this.#list('questions', page, (ids) =>
      listing.questionsOfProducts(ids, page, (parentId) => this.questionCount.load(parentId)),
    ).load(id);
  }

  answersOfQuestion(id: string, page: PageRequest) {
    const { listing } = this.#services;
    return this.#list('answers', page, (ids) => listing.answersOfQuestions(ids, page, (parentId) => this.answerCount.load(parentId))).load(
      id,
    );
  }

  reviewCount(parent: 'product' | 'author', id: string, filter: ReviewFilter): Promise<number> {
    return this.#list(`count ${parent}`, filter, (ids) => this.#services.listing.countReviews(parent, ids, filter)).load(id);
  }

  /** Forgets what was loaded: after a mutation the rest of the request reads what was written. */
  clear(): void {
    const loaders = [this.review, this.viewerReview, this.viewerVote, this.rating, this.question, this.questionCount, this.answerCount];
    for (const loader of loaders) loader.clearAll();
    this.#lists.clear();
  }

  #list<Value>(kind: string, args: object, load: (ids: readonly string[]) => Promise<readonly Value[]>): DataLoader<string, Value> {
    const key = `${kind} ${JSON.stringify(args)}`;
    const known = this.#lists.get(key) as DataLoader<string, Value> | undefined;
    const loader = known ?? this.#loader(load);
    this.#lists.set(key, loader as DataLoader<string, unknown>);
    return loader;
  }

  #loader<Value>(load: (ids: readonly string[]) => Promise<readonly Value[]>): DataLoader<string, Value> {
    return new DataLoader<string, Value>((ids) => load(ids), BATCH);
  }
}
