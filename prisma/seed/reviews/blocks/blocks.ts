/** Stars a review can have. */
export type Stars = 1 | 2 | 3 | 4 | 5;

/**
 * Hand-written sentence blocks of one category: each fits every product of the category and says what
 * somebody with that many stars would say. A review joins one of them with the family's own pros,
 * cons and faults, so blocks speak of price, looks, delivery, presents and daily life, not of parts.
 */
export type ReviewBlocks = Readonly<Record<Stars, readonly string[]>>;
