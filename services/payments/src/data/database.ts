import { createAdapter, type PoolOptions } from '@app/database';
import { type Prisma, PrismaClient } from './client/client.ts';

export type { OperationKind, OperationStatus, PaymentStatus, Prisma } from './client/client.ts';

/** The payments database. */
export type Database = PrismaClient;

/** An open transaction on it. */
export type Tx = Prisma.TransactionClient;

/** A payment as it is stored. */
export type PaymentRow = Prisma.PaymentGetPayload<object>;

/** An operation with its payment. */
export type OperationRow = Prisma.OperationGetPayload<{ include: { payment: true } }>;

/** Connects lazily; `$disconnect` ends it. */
export function openDatabase(url: string, options: PoolOptions = {}): Database {
  return new PrismaClient({ adapter: createAdapter(url, { applicationName: 'payments', ...options }) });
}

/** Money is moved one after the other: the payment's row is locked until the transaction ends. */
export async function lockPayment(tx: Tx, id: string): Promise<PaymentRow | null> {
  await tx.$queryRaw`SELECT 1 FROM payment WHERE id = ${id} FOR UPDATE`;
  return tx.payment.findUnique({ where: { id } });
}

/** An operation and its payment, by the caller's key. */
export function findOperation(tx: Tx, key: string): Promise<OperationRow | null> {
  return tx.operation.findUnique({ where: { key }, include: { payment: true } });
}
