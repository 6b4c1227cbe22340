/** What is known about the program at the other end. */
export interface Client {
  /** Network address as the gateway saw it; null when unknown. */
  readonly address: string | null;
  readonly userAgent: string | null;
}
