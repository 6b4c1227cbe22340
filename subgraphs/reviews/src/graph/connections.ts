import { type Connection, connectionType } from '@app/subgraph';
import { type ClassType, Directive } from 'type-graphql';
import { Answer } from './answer.type.ts';
import { Question } from './question.type.ts';
import { Review } from './review.type.ts';
import { ReviewableItem } from './reviewable-item.type.ts';

/** A page is as cacheable as the field that it answers. */
function cachedAsAsked<Types extends { Edge: Function; Connection: Function }>(types: Types): Types {
  const inherit = Directive('@cacheControl(inheritMaxAge: true)') as ClassDecorator;
  inherit(types.Edge);
  inherit(types.Connection);
  return types;
}

export const { Connection: ReviewConnection } = cachedAsAsked(
  connectionType('Review', () => Review as ClassType<Review>, { items: 'reviews', totalCount: 'required' }),
);
export const { Connection: QuestionConnection } = cachedAsAsked(
  connectionType('Question', () => Question as ClassType<Question>, { items: 'questions', totalCount: 'required' }),
);
export const { Connection: AnswerConnection } = cachedAsAsked(
  connectionType('Answer', () => Answer as ClassType<Answer>, { items: 'answers', totalCount: 'required' }),
);
export const { Connection: ReviewableItemConnection } = connectionType(
  'ReviewableItem',
  () => ReviewableItem as ClassType<ReviewableItem>,
  {
    items: 'products to review',
    totalCount: 'none',
  },
);

/** The same page with its rows made into what the schema shows. */
export function mapConnection<Row, Item>({ edges, ...rest }: Connection<Row>, toItem: (row: Row) => Item): Connection<Item> {
  const items = edges.map(({ cursor, node }) => ({ cursor, node: toItem(node) }));
  return { ...rest, edges: items, nodes: items.map(({ node }) => node) };
}
