import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { DeferredAnswer, DeliveredPart, Delivery, PendingPart } from '../schema/deferred-answer.ts';
import type { IncrementalFormat } from './incremental-format.ts';

/** How an answer in parts becomes text. */
export interface MultipartOptions {
  readonly format: IncrementalFormat;
  readonly publicError: (formatted: GraphQLFormattedError, thrown: unknown) => GraphQLFormattedError;
}

/** The media type of an answer in parts. */
export function multipartType(format: IncrementalFormat): string {
  return `multipart/mixed; boundary="-"; ${format}`;
}

/** Writes an answer in parts (GraphQL over HTTP, incremental delivery). `first` is the JSON of the first piece as it would stand alone. */
export async function* multipart(
  first: string,
  { pending, deliveries }: DeferredAnswer,
  options: MultipartOptions,
): AsyncGenerator<string> {
  const isOld = options.format === 'deferSpec=20220824';
  const announced = isOld ? '' : `,"pending":${JSON.stringify(pending.map(announce))}`;
  yield `\r\n---${part(`${first.trimEnd().slice(0, -1)}${announced},"hasNext":true}`)}\r\n---`;
  for await (const delivery of deliveries) {
    const text = isOld ? oldDelivery(delivery, options) : newDelivery(delivery, options);
    yield `${part(text)}\r\n---${delivery.hasNext ? '' : '--\r\n'}`;
  }
}

function part(json: string): string {
  return `\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${json}`;
}

function announce({ id, path, label }: PendingPart): PendingPart {
  return { id, path, label };
}

function oldDelivery({ parts, hasNext }: Delivery, options: MultipartOptions): string {
  const items = parts.map((item) => `{"data":${item.data},"path":${JSON.stringify(item.path)}${labelOf(item)}${errorsOf(item, options)}}`);
  return `{"incremental":[${items.join(',')}],"hasNext":${hasNext}}`;
}

function newDelivery({ parts, pending, hasNext }: Delivery, options: MultipartOptions): string {
  const isWhole = (item: DeliveredPart<GraphQLError>) => item.data !== 'null';
  const id = (item: PendingPart) => `"id":${JSON.stringify(item.id)}`;
  const incremental = parts.filter(isWhole).map((item) => `{${id(item)},"data":${item.data}${errorsOf(item, options)}}`);
  const completed = parts.map((item) => `{${id(item)}${isWhole(item) ? '' : errorsOf(item, options)}}`);
  const announced = pending.length === 0 ? '' : `"pending":${JSON.stringify(pending.map(announce))},`;
  const data = incremental.length === 0 ? '' : `"incremental":[${incremental.join(',')}],`;
  return `{${announced}${data}"completed":[${completed.join(',')}],"hasNext":${hasNext}}`;
}

function labelOf({ label }: PendingPart): string {
  return label === undefined ? '' : `,"label":${JSON.stringify(label)}`;
}

function errorsOf({ errors }: DeliveredPart<GraphQLError>, { publicError }: MultipartOptions): string {
  return errors.length === 0 ? '' : `,"errors":${JSON.stringify(errors.map((error) => publicError(error.toJSON(), error)))}`;
}
