import { expect, test } from 'vitest';
import { JsonText } from '../schema/json-text.ts';
import { stringifyResult } from './stringify-result.ts';

const errors = [{ message: 'no' }];
const extensions = { cost: 1 };

test.each([
  [{ data: { a: 1 } }, '{"data":{"a":1}}'],
  [{ data: new JsonText('{"a":1}') }, '{"data":{"a":1}}'],
  [{ data: new JsonText('null'), errors, extensions }, '{"errors":[{"message":"no"}],"extensions":{"cost":1},"data":null}'],
  [{ data: new JsonText('{}'), errors: undefined, extensions: undefined }, '{"data":{}}'],
  [{ errors }, '{"errors":[{"message":"no"}]}'],
])('%j is written as %s', (result, text) => {
  expect(stringifyResult(result)).toBe(text);
  expect(JSON.parse(JSON.stringify(result))).toEqual(JSON.parse(text));
});
