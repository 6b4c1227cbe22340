import { AUTO_HIDE_REPORTS, ModerationDecision, ReviewStatus } from './vocabulary.ts';

/** The text and stars of a review. */
export interface ReviewText {
  readonly rating: number;
  readonly title: string | null;
  readonly body: string;
}

/** The part of a review that decisions are made on. `text` is what the public sees or will see, `draft` an edit that waits. */
export interface ReviewState {
  readonly status: ReviewStatus;
  readonly isVisible: boolean;
  readonly text: ReviewText;
  readonly draft: ReviewText | null;
}

/** The next state, or why there is none. */
export type Decision = { readonly kind: 'changed'; readonly next: ReviewState } | { readonly kind: 'refused'; readonly why: string };

/**
 * An edit goes back to the moderators. The approved text of a visible review stays up meanwhile; a text nobody sees yet
 * is simply replaced. What a moderator has hidden cannot be edited: that would be a way round the decision.
 */
export function decideEdit(state: ReviewState, edit: Partial<ReviewText>): Decision {
  const text = { ...(state.draft ?? state.text), ...edit };
  switch (state.status) {
    case ReviewStatus.HIDDEN:
      return { kind: 'refused', why: 'A moderator has hidden this review, so it cannot be edited.' };
    case ReviewStatus.PUBLISHED:
    case ReviewStatus.PENDING:
    case ReviewStatus.REJECTED:
      return changed(
        state.isVisible
          ? { ...state, status: ReviewStatus.PENDING, draft: text }
          : { ...state, status: ReviewStatus.PENDING, text, draft: null },
      );
  }
}

/** PENDING → PUBLISHED | REJECTED, PUBLISHED ⇄ HIDDEN. Rejecting an edit leaves the approved text published. */
export function decideModeration(state: ReviewState, decision: ModerationDecision): Decision {
  switch (decision) {
    case ModerationDecision.PUBLISH:
      if (state.status !== ReviewStatus.PENDING && state.status !== ReviewStatus.HIDDEN) return illegal(state, decision);
      return changed({ status: ReviewStatus.PUBLISHED, isVisible: true, text: state.draft ?? state.text, draft: null });
    case ModerationDecision.REJECT:
      if (state.status !== ReviewStatus.PENDING) return illegal(state, decision);
      return changed({ ...state, status: state.isVisible ? ReviewStatus.PUBLISHED : ReviewStatus.REJECTED, draft: null });
    case ModerationDecision.HIDE:
      if (state.status !== ReviewStatus.PUBLISHED) return illegal(state, decision);
      return changed({ ...state, status: ReviewStatus.HIDDEN, isVisible: false });
  }
}

/** Enough open reports take a review off until a moderator has decided; before that nothing changes. */
export function decideReported(state: ReviewState, openReports: number): Decision {
  if (!state.isVisible || openReports < AUTO_HIDE_REPORTS) return changed(state);
  // An edit that waits is decided on its own; publishing it brings the review back.
  const status = state.status === ReviewStatus.PUBLISHED ? ReviewStatus.HIDDEN : state.status;
  return changed({ ...state, status, isVisible: false });
}

function changed(next: ReviewState): Decision {
  return { kind: 'changed', next };
}

function illegal({ status }: ReviewState, decision: ModerationDecision): Decision {
  return { kind: 'refused', why: `A review that is ${status} cannot take the decision ${decision}.` };
}
