/** The open transaction, named where handlers may import it. */
export type { Tx } from '../data/client.ts';
