import type { Product, ProductAttribute, ProductOption, ProductStatus } from '../domain/product.ts';
import { Prisma } from './client/client.ts';
import type { Tx } from './client.ts';

/** A product as the database gives it to a query written by hand. */
export interface StoredProduct {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly brand: string | null;
  readonly status: string;
  readonly categoryId: string | null;
  readonly options: unknown;
  readonly publishedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}

/** Columns of {@link StoredProduct}, of the table called p. */
export const productColumns = Prisma.sql`p.id, p.slug, p.title, p.description, p.brand, p.status, p.category_id AS "categoryId",
  p.options, p.published_at AS "publishedAt", p.created_at AS "createdAt", p.updated_at AS "updatedAt", p.version`;

const selection = {
  id: true,
  slug: true,
  title: true,
  description: true,
  brand: true,
  status: true,
  categoryId: true,
  options: true,
  publishedAt: true,
  createdAt: true,
  updatedAt: true,
  version: true,
} as const;

/** Checks in the database keep the closed sets closed and the services the JSON in shape. */
export function toProduct(row: StoredProduct): Product {
  return { ...row, status: row.status as ProductStatus, options: row.options as readonly ProductOption[] };
}

export async function findProducts(db: Tx, ids: readonly string[]): Promise<Product[]> {
  return (await db.product.findMany({ where: { id: { in: [...ids] } }, select: selection })).map(toProduct);
}

/** The live product at an address, else the last archived one that had it. */
export async function findProductBySlug(db: Tx, slug: string): Promise<Product | null> {
  const rows = await db.product.findMany({ where: { slug }, select: selection, orderBy: { createdAt: 'desc' } });
  const row = rows.find(({ status }) => status !== 'ARCHIVED') ?? rows[0];
  return row ? toProduct(row) : null;
}

/** The product, locked until the transaction ends: whoever changes it or its variants comes through here. */
export async function lockProduct(tx: Tx, id: string): Promise<Product | null> {
  const rows = await tx.$queryRaw<StoredProduct[]>`SELECT ${productColumns} FROM product p WHERE p.id = ${id} FOR NO KEY UPDATE`;
  return rows[0] ? toProduct(rows[0]) : null;
}

/** The words of a product's texts with their places, as the text form of its search document. */
export async function findSearchDocument(tx: Tx, id: string): Promise<string> {
  const rows = await tx.$queryRaw<{ document: string }[]>`SELECT search::text AS document FROM product WHERE id = ${id}`;
  return rows[0]?.document ?? '';
}

/** What may be written of a product. */
export interface ProductChanges {
  readonly slug?: string;
  readonly title?: string;
  readonly description?: string;
  readonly brand?: string | null;
  readonly categoryId?: string | null;
  readonly status?: ProductStatus;
  readonly options?: readonly ProductOption[];
  readonly publishedAt?: Date;
}

/** A product that is not there yet. */
export interface NewProduct {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly brand: string | null;
  readonly categoryId: string | null;
  readonly now: Date;
}

export async function insertProduct(tx: Tx, { now, ...facts }: NewProduct): Promise<Product> {
  return toProduct(await tx.product.create({ data: { ...facts, createdAt: now, updatedAt: now }, select: selection }));
}

/** Writes changes and moves the version on. */
export async function updateProduct(tx: Tx, id: string, { options, ...changes }: ProductChanges, now: Date): Promise<Product> {
  const data = {
    ...changes,
    ...(options && { options: options.map((option) => ({ ...option, values: [...option.values] })) }),
    updatedAt: now,
    version: { increment: 1 },
  };
  return toProduct(await tx.product.update({ where: { id }, data, select: selection }));
}

export async function findAttributes(db: Tx, productIds: readonly string[]): Promise<(ProductAttribute & { productId: string })[]> {
  return db.productAttribute.findMany({ where: { productId: { in: [...productIds] } }, orderBy: [{ position: 'asc' }, { key: 'asc' }] });
}

/** Labels that the shop uses for attribute keys already. */
export async function findAttributeLabels(db: Tx, keys: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.productAttribute.findMany({
    where: { key: { in: [...keys] } },
    distinct: ['key'],
    select: { key: true, label: true },
    orderBy: { key: 'asc' },
  });
  return new Map(rows.map(({ key, label }) => [key, label]));
}

export async function replaceAttributes(tx: Tx, productId: string, attributes: readonly ProductAttribute[]): Promise<void> {
  await tx.productAttribute.deleteMany({ where: { productId } });
  if (attributes.length === 0) return;
  await tx.productAttribute.createMany({ data: attributes.map((attribute, position) => ({ ...attribute, productId, position })) });
}

/** Takes over what the reviews subgraph says of a product; of one that is not here, nothing. */
export async function setRating(tx: Tx, productId: string, rating: { average: number | null; count: number }): Promise<void> {
  await tx.product.updateMany({ where: { id: productId }, data: { ratingAverage: rating.average ?? 0, ratingCount: rating.count } });
}

/** Counts sold units (negative: sold units that came back). Locks rows in the order of their ids. */
export async function addSales(tx: Tx, sold: readonly { productId: string; quantity: number }[]): Promise<void> {
  const lines = JSON.stringify(sold.map(({ productId, quantity }) => ({ product_id: productId, quantity })));
  await tx.$executeRaw`
    WITH sold AS (
      SELECT product_id, sum(quantity)::int AS quantity
      FROM jsonb_to_recordset(${lines}::jsonb) AS line(product_id text, quantity int) GROUP BY product_id
    ), locked AS MATERIALIZED (
      SELECT p.id FROM product p JOIN sold ON sold.product_id = p.id ORDER BY p.id FOR NO KEY UPDATE OF p
    )
    UPDATE product p SET sales_count = greatest(0, p.sales_count + sold.quantity)
    FROM sold JOIN locked ON locked.id = sold.product_id WHERE p.id = sold.product_id`;
}
