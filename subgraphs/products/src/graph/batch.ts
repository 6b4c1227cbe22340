import DataLoader from 'dataloader';

/** Most keys of one statement. */
const maxBatchSize = 500;

/** A loader of one row per key; null where there is none. */
export function loadOne<Key extends string, Row>(
  read: (keys: readonly Key[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<Key, Row | null> {
  return new DataLoader(
    async (keys) => {
      const rows = new Map((await read([...keys].sort())).map((row) => [keyOf(row), row]));
      return keys.map((key) => rows.get(key) ?? null);
    },
    { maxBatchSize },
  );
}

/** A loader of all rows of a key. */
export function loadMany<Row>(
  read: (keys: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, readonly Row[]> {
  return new DataLoader(
    async (keys) => {
      const rows = Map.groupBy(await read([...keys].sort()), keyOf);
      return keys.map((key) => rows.get(key) ?? []);
    },
    { maxBatchSize },
  );
}

/** Loaders that differ by an argument, one each, such as a page size or a currency. */
export class LoadersBy<Argument, Loader> {
  private readonly loaders = new Map<string, Loader>();
  private readonly create: (argument: Argument) => Loader;

  constructor(create: (argument: Argument) => Loader) {
    this.create = create;
  }

  /** The loader of this argument; equal JSON is the same argument. */
  for(argument: Argument): Loader {
    const key = JSON.stringify(argument);
    const loader = this.loaders.get(key) ?? this.create(argument);
    this.loaders.set(key, loader);
    return loader;
  }
}
