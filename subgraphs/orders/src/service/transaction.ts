/** An open transaction on the orders database, for handlers: they have no business in data/. */
export type { Tx } from '../data/database.ts';
