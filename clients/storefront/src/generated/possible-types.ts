/** The types of every interface and union. */
export const possibleTypes: Record<string, string[]> = {
  Node: ['Account', 'Address', 'Answer', 'Cart', 'Category', 'Collection', 'DataExport', 'Order', 'Product', 'ProductVariant', 'Question', 'Review', 'User'],
  UserError: ['AlreadyReviewedError', 'ConflictError', 'InputError', 'NotFoundError', 'OutOfStockError', 'PaymentDeclinedError', 'PriceChangedError', 'RateLimitedError'],
};
