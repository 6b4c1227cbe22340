/** Where a review is in its life. */
export enum ReviewStatus {
  PENDING = 'PENDING',
  PUBLISHED = 'PUBLISHED',
  REJECTED = 'REJECTED',
  HIDDEN = 'HIDDEN',
}

/** What a reader thinks of a review. */
export enum VoteValue {
  HELPFUL = 'HELPFUL',
  NOT_HELPFUL = 'NOT_HELPFUL',
}

/** What a moderator can decide. */
export enum ModerationDecision {
  PUBLISH = 'PUBLISH',
  REJECT = 'REJECT',
  HIDE = 'HIDE',
}

/** Why somebody reports a review. */
export enum ReportReason {
  SPAM = 'SPAM',
  OFFENSIVE = 'OFFENSIVE',
  OFF_TOPIC = 'OFF_TOPIC',
  CONFLICT_OF_INTEREST = 'CONFLICT_OF_INTEREST',
  PRIVATE_DATA = 'PRIVATE_DATA',
}

/** Orders in which reviews are listed. */
export enum ReviewSort {
  MOST_HELPFUL = 'MOST_HELPFUL',
  NEWEST = 'NEWEST',
  RATING_DESC = 'RATING_DESC',
  RATING_ASC = 'RATING_ASC',
}

/** Which reviews are listed. */
export interface ReviewFilter {
  readonly stars?: readonly number[] | null;
  readonly verifiedOnly?: boolean | null;
  readonly withMedia?: boolean | null;
  readonly language?: string | null;
}

/** Open reports that hide a review until a moderator has looked at it. */
export const AUTO_HIDE_REPORTS = 3;
