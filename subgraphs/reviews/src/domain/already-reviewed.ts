/** The author has a live review of this product: they are shown it instead of writing a second one. */
export class AlreadyReviewed<Review> extends Error {
  override readonly name = 'AlreadyReviewed';

  constructor(readonly existing: Review) {
    super('There is a review of this product by this author.');
  }
}
