/**
 * Seeded randomness for demo data. Every consumer derives its own stream from a label, so that
 * adding a draw in one generator moves no value of another, and item 10,000 needs no item 9,999.
 * sfc32 (PractRand's small fast counter) seeded by an FNV-1a hash of the label; not for secrets.
 */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [min, max], both included. */
  int(min: number, max: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One item, each equally likely. Throws RangeError on an empty list. */
  pick<T>(items: readonly T[]): T;
  /** One item by weight. Throws RangeError when no weight is positive. */
  weighted<T>(items: readonly (readonly [T, number])[]): T;
  /** `count` different items in random order (all of them when there are fewer). */
  sample<T>(items: readonly T[], count: number): T[];
}

/** The stream that belongs to `label`: same label, same numbers, on every machine. */
export function randomFor(label: string): Random {
  const next = sfc32(hash128(label));
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (items) => at(items, Math.floor(next() * items.length)),
    weighted: (items) => pickWeighted(items, next()),
    sample: (items, count) => {
      const pool = [...items];
      const size = Math.min(count, pool.length);
      for (let i = 0; i < size; i += 1) {
        const j = int(i, pool.length - 1);
        [pool[i], pool[j]] = [at(pool, j), at(pool, i)];
      }
      return pool.slice(0, size);
    },
  };
}

/** 128 bits of `text`, as four unsigned 32-bit words: four FNV-1a lanes with an avalanche at the end. */
export function hash128(text: string): [number, number, number, number] {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  let c = 0x85ebca6b;
  let d = 0xc2b2ae35;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code ^ (a >>> 15), 0x85ebca77);
    c = Math.imul(c ^ code ^ (b >>> 13), 0xc2b2ae3d);
    d = Math.imul(d ^ code ^ (c >>> 16), 0x27d4eb2f);
  }
  return [avalanche(a ^ d), avalanche(b ^ a), avalanche(c ^ b), avalanche(d ^ c)];
}

/** The item at `index`; RangeError instead of undefined when there is none. */
export function at<T>(items: readonly T[], index: number): T {
  if (index < 0 || index >= items.length) {
    throw new RangeError(`index ${index} is outside a list of ${items.length}`);
  }
  return items[index] as T;
}

function pickWeighted<T>(items: readonly (readonly [T, number])[], position: number): T {
  const total = items.reduce((sum, [, weight]) => sum + weight, 0);
  if (total <= 0) throw new RangeError('weighted: at least one weight must be positive');
  let left = position * total;
  for (const [item, weight] of items) {
    left -= weight;
    if (left < 0) return item;
  }
  return at(items, items.length - 1)[0];
}

function avalanche(word: number): number {
  let x = word >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

function sfc32(seed: [number, number, number, number]): () => number {
  let [a, b, c, d] = seed;
  const step = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i += 1) step();
  return step;
}
