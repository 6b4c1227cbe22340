import 'reflect-metadata';

export { type ConnectionTypeOptions, connectionType } from './connection/connection-type.ts';
export { type CursorKey, decodeCursor, encodeCursor } from './connection/cursor.ts';
export {
  type Connection,
  maxPageSize,
  type PageArguments,
  type PageRequest,
  pageRequest,
  type Total,
  toConnection,
} from './connection/page.ts';
export { idempotencyKeyRule } from './input/idempotency-key.ts';
export { InputCheck, type TextRule } from './input/input-check.ts';
export { CurrencyCodeScalar, DateTimeScalar, DecimalScalar, MinorUnitsScalar } from './scalars.ts';
export { buildFederatedSchema, type ReferenceResolver, type SubgraphSchema, type SubgraphSchemaOptions } from './schema/build-schema.ts';
export { federationSpec, printSubgraphSdl } from './schema/federation-sdl.ts';
export { AnswerTags, type AnswerTagsOptions, answerTags } from './server/answer-tags.ts';
export {
  clientAddressHeader,
  clientUserAgentHeader,
  type SubgraphCall,
  type SubgraphServer,
  type SubgraphServerOptions,
  startSubgraphServer,
} from './server/subgraph-server.ts';
export { Image, ImageFormat } from './types/image.type.ts';
export { MoneyInput, MoneyType } from './types/money.type.ts';
export { Node } from './types/node.type.ts';
export { PageInfo } from './types/page-info.type.ts';
export { PostalAddress, PostalAddressInput } from './types/postal-address.type.ts';
export {
  ConflictError,
  conflict,
  InputError,
  inputError,
  NotFoundError,
  notFound,
  RateLimitedError,
  UserError,
  type UserErrorFacts,
  userError,
} from './types/user-error.type.ts';
export { toPayload, UserFault } from './user-fault.ts';
