/** One line of a difference. */
export interface DiffLine {
  readonly kind: 'same' | 'add' | 'remove';
  readonly text: string;
}

/** Beyond so many changed lines the way to them is not looked for. */
const MOST_EDITS = 1_500;

/**
 * The lines of two texts, side by side: the shortest way from one to the other (E. Myers, "An O(ND) Difference Algorithm", 1986). Texts that
 * have next to nothing in common are shown as all removed, all added.
 */
export function diffLines(before: string, after: string): DiffLine[] {
  const [from, to] = [before.split('\n'), after.split('\n')];
  const trace = shortestEdits(from, to);
  if (trace === undefined)
    return [...from.map((text): DiffLine => ({ kind: 'remove', text })), ...to.map((text): DiffLine => ({ kind: 'add', text }))];
  return walkBack(trace, from, to);
}

/** For each number of edits, how far along each diagonal one gets. */
function shortestEdits(from: readonly string[], to: readonly string[]): Int32Array[] | undefined {
  const most = Math.min(from.length + to.length, MOST_EDITS);
  const size = 2 * most + 3;
  const reach = new Int32Array(size);
  const trace: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    trace.push(reach.slice());
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const at = diagonal + most + 1;
      let x = isDown(reach, at, diagonal, edits) ? (reach[at + 1] ?? 0) : (reach[at - 1] ?? 0) + 1;
      while (x < from.length && x - diagonal < to.length && from[x] === to[x - diagonal]) x += 1;
      reach[at] = x;
      if (x >= from.length && x - diagonal >= to.length) return trace;
    }
  }
  return undefined;
}

function isDown(reach: Int32Array, at: number, diagonal: number, edits: number): boolean {
  return diagonal === -edits || (diagonal !== edits && (reach[at - 1] ?? 0) < (reach[at + 1] ?? 0));
}

function walkBack(trace: readonly Int32Array[], from: readonly string[], to: readonly string[]): DiffLine[] {
  const most = Math.min(from.length + to.length, MOST_EDITS);
  const lines: DiffLine[] = [];
  let [x, y] = [from.length, to.length];
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const reach = trace[edits] ?? new Int32Array();
    const diagonal = x - y;
    const at = diagonal + most + 1;
    const down = isDown(reach, at, diagonal, edits);
    const beforeX = edits === 0 ? 0 : (reach[down ? at + 1 : at - 1] ?? 0);
    const beforeY = edits === 0 ? 0 : beforeX - (diagonal + (down ? 1 : -1));
    while (x > beforeX && y > beforeY) {
      x -= 1;
      y -= 1;
      lines.push({ kind: 'same', text: from[x] ?? '' });
    }
    if (edits === 0) break;
    lines.push(down ? { kind: 'add', text: to[y - 1] ?? '' } : { kind: 'remove', text: from[x - 1] ?? '' });
    [x, y] = [beforeX, beforeY];
  }
  return lines.reverse();
}
