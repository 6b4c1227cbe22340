/** How long a command may be silent before it says what it does, and between two such lines, in milliseconds. */
const EVERY_MS = 1_000;

/** Passes on what is being done at most once a second, and nothing of what is quick. */
export function throttled(write: (line: string) => void, now: () => number): (step: string) => void {
  let last = now();
  return (step) => {
    const time = now();
    if (time - last < EVERY_MS) return;
    last = time;
    write(`${step} …\n`);
  };
}
