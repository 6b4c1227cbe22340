import { expect, test } from 'vitest';
import { withAddresses } from './compose-step.ts';

const sdl = 'A(url: "http://localhost:4001/graphql") B(url: "http://localhost:4002/graphql") C(url: "http://localhost:9/graphql")';

test('addresses move even when one takes the place of another, and foreign ones stay', () => {
  const moved = withAddresses(sdl, (name) => (name === 'accounts' ? 'http://localhost:4002' : 'http://products:1'));
  expect(moved).toBe('A(url: "http://localhost:4002/graphql") B(url: "http://products:1/graphql") C(url: "http://localhost:9/graphql")');
});
