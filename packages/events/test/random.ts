/** A seeded random number generator (mulberry32) whose seed is printed, so that a failing run can be repeated with it. */
export function seededRandom(test: string, seed: number = Math.floor(Math.random() * 2 ** 31)): () => number {
  process.stdout.write(`${test}: seed ${seed}\n`);
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
