/** What Redis needs for an entry besides its text, in characters: its key, and what it remembers of it. */
const PER_ENTRY = 200;

/** How much there is, and how long what is written stays. */
export interface RedisRoomOptions {
  readonly characters: number;
  readonly lifetimeMs: number;
  readonly now?: () => number;
}

/**
 * Room in Redis for what anybody can make us write there. Threat: operations of which no two are the same, sent until Redis is full; then
 * nobody hears of revocations and no job is taken. Consequence: a process writes so much at once, and as much again within the lifetime of what
 * it writes. The rest it keeps for itself.
 */
export class RedisRoom {
  private readonly characters: number;
  private readonly lifetimeMs: number;
  private readonly now: () => number;
  private left: number;
  private at: number;

  constructor({ characters, lifetimeMs, now = Date.now }: RedisRoomOptions) {
    this.characters = characters;
    this.lifetimeMs = lifetimeMs;
    this.now = now;
    this.left = characters;
    this.at = now();
  }

  /** True when there was room for a text of so many characters; then it is taken. */
  take(length: number): boolean {
    const characters = length + PER_ENTRY;
    const now = this.now();
    const regained = (Math.max(0, now - this.at) / this.lifetimeMs) * this.characters;
    this.left = Math.min(this.characters, this.left + regained);
    this.at = now;
    if (characters > this.left) return false;
    this.left -= characters;
    return true;
  }
}
