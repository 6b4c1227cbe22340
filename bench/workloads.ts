/** Operations by name. */
export const workloads = {
  /** The query of the public federation benchmark. */
  public: `
    fragment User on User { id username name }
    fragment Review on Review { id body }
    fragment Product on Product { inStock name price shippingEstimate upc weight }
    query Public {
      users { ...User reviews { ...Review product { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } } } }
      topProducts { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } }
    }
  `,
  twoFetches: `query TwoFetches { topProducts { upc name reviews { id body } } }`,
} as const;

export type WorkloadName = keyof typeof workloads;
