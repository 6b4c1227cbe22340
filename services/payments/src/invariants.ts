import pg from 'pg';

/** What one side's books say of a payment. Amounts in minor units, as text: they may be large. */
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

/** Reads rows; `values` are those of the statement. */
export type Read = <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[]) => Promise<readonly Row[]>;

/** Payments as this service keeps them. $1: seconds; what was touched since may be under way. */
const PAYMENTS_BOOKS = `
  SELECT id, authorized_minor::text AS "authorizedMinor", captured_minor::text AS "capturedMinor", refunded_minor::text AS "refundedMinor",
    status = 'VOIDED' AS "isVoided"
  FROM payment p WHERE NOT EXISTS (
    SELECT 1 FROM operation o WHERE o.payment_id = p.id AND greatest(o.created_at, o.checked_at) > now() - make_interval(secs => $1))`;

/** The same payments as orders keeps them, by the reference that this service gave. $1 as above. */
const ORDERS_BOOKS = `
  SELECT provider_ref AS id, authorized_minor::text AS "authorizedMinor", captured_minor::text AS "capturedMinor",
    refunded_minor::text AS "refundedMinor", voided_at IS NOT NULL AS "isVoided"
  FROM payment p WHERE provider_ref IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM payment_operation o WHERE o.payment_id = p.id AND greatest(o.created_at, o.checked_at) > now() - make_interval(secs => $1))`;

/** Payments of this database that differ from their ledger, or from the books of the sandbox. $1 as above. */
const OWN_DISAGREEMENTS = `
  WITH settled AS (
    SELECT * FROM payment p WHERE NOT EXISTS (
      SELECT 1 FROM operation o WHERE o.payment_id = p.id AND greatest(o.created_at, o.checked_at) > now() - make_interval(secs => $1)))
  SELECT p.id AS "paymentId", 'its counters differ from its ledger' AS problem
  FROM settled p LEFT JOIN ledger_entry e ON e.payment_id = p.id
  GROUP BY p.id, p.authorized_minor, p.captured_minor, p.refunded_minor
  HAVING coalesce(sum(e.amount_minor) FILTER (WHERE e.kind = 'AUTHORIZED'), 0) <> p.authorized_minor
      OR coalesce(sum(e.amount_minor) FILTER (WHERE e.kind = 'CAPTURED'), 0) <> p.captured_minor
      OR coalesce(sum(e.amount_minor) FILTER (WHERE e.kind = 'REFUNDED'), 0) <> p.refunded_minor
  UNION ALL
  SELECT p.id, 'the sandbox took, gave back or holds otherwise'
  FROM settled p JOIN sandbox_charge c ON c.authorize_key = p.authorize_key
  WHERE p.provider = 'sandbox' AND (c.captured_minor <> p.captured_minor OR c.refunded_minor <> p.refunded_minor
    OR (c.state = 'AUTHORIZED' AND p.status <> 'AUTHORIZED') OR (c.state = 'VOIDED') <> (p.status = 'VOIDED'))`;

/** What orders says otherwise of a payment than this service does; those that only one of them knows are left out. */
function compareBooks(orders: readonly Book[], payments: readonly Book[]): Disagreement[] {
  const known = new Map(payments.map((book) => [book.id, book]));
  return orders.flatMap((book): Disagreement[] => {
    const { id: paymentId } = book;
    const other = known.get(paymentId);
    if (other === undefined) return [];
    const fields = ['authorizedMinor', 'capturedMinor', 'refundedMinor', 'isVoided'] as const;
    return fields
      .filter((field) => book[field] !== other[field])
      .map((field) => ({ paymentId, problem: `${field}: orders ${String(book[field])}, payments ${String(other[field])}` }));
  });
}

/** Where to read, and what is young enough to be under way. */
export interface BookSources {
  readonly payments: Read;
  readonly orders: Read;
  readonly graceSeconds: number;
}

/** Where orders, payments and the sandbox disagree: nowhere, when nothing is under way for longer than the grace. */
export async function disagreementsOf({ payments, orders, graceSeconds }: BookSources): Promise<readonly Disagreement[]> {
  const own = await payments<Disagreement & pg.QueryResultRow>(OWN_DISAGREEMENTS, [graceSeconds]);
  const ours = await payments<Book & pg.QueryResultRow>(PAYMENTS_BOOKS, [graceSeconds]);
  const theirs = await orders<Book & pg.QueryResultRow>(ORDERS_BOOKS, [graceSeconds]);
  const [allOurs, allTheirs] = await Promise.all([
    payments<{ id: string } & pg.QueryResultRow>('SELECT id FROM payment', []),
    orders<{ id: string } & pg.QueryResultRow>('SELECT provider_ref AS id FROM payment WHERE provider_ref IS NOT NULL', []),
  ]);
  return [...own, ...compareBooks(theirs, ours), ...strangers(theirs, ours, { ours: idsOf(allOurs), theirs: idsOf(allTheirs) })];
}

function strangers(
  theirs: readonly Book[],
  ours: readonly Book[],
  all: { readonly ours: ReadonlySet<string>; readonly theirs: ReadonlySet<string> },
): Disagreement[] {
  const unknown = theirs.filter(({ id }) => !all.ours.has(id)).map(({ id }) => ({ paymentId: id, problem: 'payments does not know it' }));
  const holding = ours.filter(({ id, authorizedMinor, isVoided }) => !all.theirs.has(id) && authorizedMinor !== '0' && !isVoided);
  return [
    ...unknown,
    ...holding.map(({ id }) => ({ paymentId: id, problem: 'money is held or was taken, and orders does not know of it' })),
  ];
}

const idsOf = (rows: readonly { readonly id: string }[]): ReadonlySet<string> => new Set(rows.map(({ id }) => id));

/** Connection strings of the databases. Without orders, only this service's own books are looked at. */
export interface BookUrls {
  readonly payments: string;
  readonly orders?: string;
}

/** {@link disagreementsOf} two databases at rest, by their connection strings. */
export async function readDisagreements({ payments, orders }: BookUrls): Promise<readonly Disagreement[]> {
  await using paymentsBooks = await openBooks(payments);
  if (orders === undefined) return await paymentsBooks.read<Disagreement & pg.QueryResultRow>(OWN_DISAGREEMENTS, [0]);
  await using ordersBooks = await openBooks(orders);
  return await disagreementsOf({ payments: paymentsBooks.read, orders: ordersBooks.read, graceSeconds: 0 });
}

async function openBooks(url: string): Promise<AsyncDisposable & { readonly read: Read }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return { read: async (sql, values) => (await client.query(sql, [...values])).rows, [Symbol.asyncDispose]: () => client.end() };
}
