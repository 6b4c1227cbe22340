export { connectRpc, fromRpcError, type RpcClientOptions, type RpcConnection } from './client.ts';
export { CatalogService, type Variant } from './gen/catalog/v1/catalog_pb.ts';
export { InventoryService, type Line, type Shortage } from './gen/inventory/v1/inventory_pb.ts';
export {
  type Authorization,
  AuthorizationSchema,
  type GetOutcomeResponse,
  type Movement,
  PaymentsService,
} from './gen/payments/v1/payments_pb.ts';
export { type RpcServer, type RpcServerOptions, startRpcServer } from './server.ts';
export { callerKey, principalKey } from './signing.ts';
