import 'reflect-metadata';
import { type ClassType, Field, ID, ObjectType } from 'type-graphql';
import { expect, test } from 'vitest';
import { connectionType } from './connection-type.ts';

@ObjectType('Counted', { description: 'Something that is counted.' })
class Counted {
  @Field(() => ID, { description: 'Id.' })
  id!: string;
}

test('the total is a number, nothing, or asked for when a client wants it', async () => {
  const { Connection } = connectionType('Counted', () => Counted as ClassType<Counted>, { items: 'things', totalCount: 'required' });
  const page = new Connection();
  expect(page.totalCount()).toBeNull();
  page.count = 3;
  expect(page.totalCount()).toBe(3);
  page.count = () => Promise.resolve(4);
  expect(await page.totalCount()).toBe(4);
});
