/** How long to wait before trying again. */

const FIRST_MS = 500;
const LONGEST_MS = 20_000;

/**
 * Milliseconds before attempt `attempt` (1 = first repetition), half of it random: browsers
 * that lost the same server must not come back in the same instant.
 */
export function delay(attempt, retryAfterSeconds = 0) {
  const step = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 10));
  return Math.max(retryAfterSeconds * 1000, step / 2) + Math.random() * (step / 2);
}

/** A pause that `wake()` or an aborted signal cuts short. */
export class Pause {
  #end = () => {};

  wait(milliseconds, signal) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#end(), milliseconds);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
      signal?.addEventListener("abort", () => this.#end(), { once: true });
    });
  }

  wake() {
    this.#end();
  }
}
