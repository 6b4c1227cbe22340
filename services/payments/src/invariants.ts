import pg from 'pg';

/** What one side's books say of a payment. Amounts in minor units. */
export interface Book {
  readonly id: string;
  readonly authorizedMinor: string;
  readonly capturedMinor: string;
  readonly refundedMinor: string;
  readonly isVoided: boolean;
}

/** Something that the books should not say. */
export interface Disagreement {
  readonly paymentId: string;
  readonly problem: string;
}

/** Payments as the payments service keeps them; payments with a command under way are left out unless all is at rest. */
export const PAYMENTS_BOOKS = `
  SELECT id, authorized_minor::text AS "authorizedMinor", captured_minor::text AS "capturedMinor", refunded_minor::text AS "refundedMinor",
    status = 'VOIDED' AS "isVoided"
  FROM payment ORDER BY id`;

/** The same payments as orders keeps them, by the reference that the payments service gave. */
export const ORDERS_BOOKS = `
  SELECT provider_ref AS id, authorized_minor::text AS "authorizedMinor", captured_minor::text AS "capturedMinor",
    refunded_minor::text AS "refundedMinor", voided_at IS NOT NULL AS "isVoided"
  FROM payment WHERE provider_ref IS NOT NULL ORDER BY provider_ref`;

/** Payments whose counters differ from their ledger, or from the books of the sandbox: none, when all is at rest. */
export const PAYMENTS_DISAGREEMENTS = `
  SELECT p.id AS "paymentId", 'counters differ from the ledger' AS problem
  FROM payment p LEFT JOIN ledger_entry e ON e.payment_id = p.id
  GROUP BY p.id
  HAVING coalesce(sum(e.amount_minor) FILTER (WHERE e.kind = 'AUTHORIZED'), 0) <> p.authorized_minor
      OR coalesce(sum(e.amount_minor) FILTER (WHERE e.kind = 'CAPTURED'), 0) <> p.captured_minor
      OR coalesce(sum(e.amount_minor) FILTER (WHERE e.kind = 'REFUNDED'), 0) <> p.refunded_minor
  UNION ALL
  SELECT p.id, 'the sandbox took, gave back or holds otherwise'
  FROM payment p JOIN sandbox_charge c ON c.authorize_key = p.authorize_key
  WHERE p.provider = 'sandbox' AND (c.captured_minor <> p.captured_minor OR c.refunded_minor <> p.refunded_minor
    OR (c.state = 'AUTHORIZED' AND p.status <> 'AUTHORIZED') OR (c.state = 'VOIDED') <> (p.status = 'VOIDED'))
  UNION ALL
  SELECT p.id, 'more than one charge for a payment' FROM payment p JOIN sandbox_charge c ON c.authorize_key = p.authorize_key
  GROUP BY p.id HAVING count(*) > 1`;

/** Compares what orders says of its payments with what the payments service says: both know the same, once nothing is under way. */
export function compareBooks(orders: readonly Book[], payments: readonly Book[]): Disagreement[] {
  const known = new Map(payments.map((book) => [book.id, book]));
  return orders.flatMap((book): Disagreement[] => {
    const { id: paymentId } = book;
    const other = known.get(paymentId);
    if (other === undefined) return [{ paymentId, problem: 'payments does not know it' }];
    const fields = ['authorizedMinor', 'capturedMinor', 'refundedMinor', 'isVoided'] as const;
    return fields
      .filter((field) => book[field] !== other[field])
      .map((field) => ({ paymentId, problem: `${field}: orders ${String(book[field])}, payments ${String(other[field])}` }));
  });
}

/** Connection strings of the databases. */
export interface BookUrls {
  readonly payments: string;
  readonly orders?: string;
}

/** Reads the books; `disagreements` is empty when money is where everybody says it is. Call it when nothing is under way. */
export async function booksOf(
  urls: BookUrls,
): Promise<{ readonly payments: readonly Book[]; readonly disagreements: readonly Disagreement[] }> {
  const payments = await read<Book>(urls.payments, PAYMENTS_BOOKS);
  const own = await read<Disagreement>(urls.payments, PAYMENTS_DISAGREEMENTS);
  const orders = urls.orders === undefined ? [] : await read<Book>(urls.orders, ORDERS_BOOKS);
  return { payments, disagreements: [...own, ...compareBooks(orders, payments)] };
}

async function read<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
