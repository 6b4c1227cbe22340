/** Starts the work of a call; the signal is aborted when nobody waits any more. */
type Start<Answer> = (signal: AbortSignal) => Promise<Answer>;

interface Call<Answer> {
  readonly result: Promise<Answer>;
  readonly abort: AbortController;
  waiting: number;
}

/** What becomes of callers that are aborted. */
interface SharedCallsOptions {
  /** They get what comes of the call all the same, instead of the reason at once. */
  readonly isPatient: boolean;
  /** Whether the call ends for all others too, for this reason. */
  readonly endsForAll: (reason: unknown) => boolean;
}

/**
 * Identical calls that are under way at the same time become one. Nothing is kept once the answer is there. A caller that goes away does not
 * disturb the others; when the last one is gone the call itself is cancelled.
 */
export class SharedCalls<Answer> {
  private readonly calls = new Map<string, Call<Answer>>();
  private readonly options: SharedCallsOptions;

  constructor(options: SharedCallsOptions = { isPatient: false, endsForAll: () => false }) {
    this.options = options;
  }

  /** Joins the call under way with this key, or starts it. */
  run(key: string, signal: AbortSignal | undefined, start: Start<Answer>): Promise<Answer> {
    const call = this.calls.get(key) ?? this.start(key, start);
    call.waiting++;
    return signal === undefined ? call.result : this.untilAborted(key, call, signal);
  }

  private start(key: string, start: Start<Answer>): Call<Answer> {
    const abort = new AbortController();
    const call: Call<Answer> = { result: start(abort.signal), abort, waiting: 0 };
    this.calls.set(key, call);
    const end = () => this.forget(key, call);
    call.result.then(end, end);
    return call;
  }

  private untilAborted(key: string, call: Call<Answer>, signal: AbortSignal): Promise<Answer> {
    const { isPatient, endsForAll } = this.options;
    return new Promise((resolve, reject) => {
      const leave = () => {
        if (!isPatient) reject(signal.reason);
        call.waiting--;
        if (call.waiting > 0 && !endsForAll(signal.reason)) return;
        this.forget(key, call);
        call.abort.abort(signal.reason);
      };
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
      call.result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  private forget(key: string, call: Call<Answer>): void {
    if (this.calls.get(key) === call) this.calls.delete(key);
  }
}
