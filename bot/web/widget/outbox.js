/**
 * The shopper's messages on their way to the gateway: one after the other, so that they arrive
 * in the order they were written; repeated under the same id until they are stored; kept over
 * a reload.
 */

import { Pause, delay } from "./backoff.js";
import { keep, recall } from "./drawer.js";
import { GatewayError } from "./gateway.js";

const ATTEMPTS = 6;

/** An id nobody else has. Works without https too, where crypto.randomUUID does not exist. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Outbox {
  #pause = new Pause();
  #running = false;
  #stopped = false;

  /**
   * `post(message)` stores one message and gives the answer. `onstate(entry, state, detail)`
   * is told "sending", "sent" (detail: the answer) or "failed" (detail: the error).
   */
  constructor({ key, post, onstate }) {
    this.key = `xiaoer.outbox.${key}`;
    this.post = post;
    this.onstate = onstate;
    this.entries = recall(this.key) ?? [];
  }

  /** Puts a message in line: `{text}` or `{payload}`, with `shown`, the words in the bubble. */
  add(message) {
    const entry = { ...message, message_id: newId(), failed: false };
    this.entries.push(entry);
    this.#save();
    this.onstate(entry, "sending");
    this.run();
  }

  /** Sends failed messages again: one by its id, or all that failed for want of a connection. */
  retry(messageId = null) {
    for (const entry of this.entries) {
      const meant = messageId ? entry.message_id === messageId : entry.passing;
      if (!entry.failed || !meant) continue;
      entry.failed = false;
      this.onstate(entry, "sending");
    }
    this.#pause.wake();
    this.run();
  }

  /** Works through the line until nothing is left that can be sent. */
  async run() {
    if (this.#running) return;
    this.#running = true;
    for (let entry = this.#next(); entry && !this.#stopped; entry = this.#next()) {
      await this.#deliver(entry);
    }
    this.#running = false;
  }

  /** Leaves what is unsent for the next time this conversation is opened. */
  stop() {
    this.#stopped = true;
    this.#pause.wake();
  }

  #next() {
    return this.entries.find((entry) => !entry.failed);
  }

  async #deliver(entry) {
    for (let attempt = 1; !this.#stopped; attempt += 1) {
      try {
        const { message_id, text, payload } = entry;
        const answer = await this.post({ message_id, text, payload });
        this.#settle(entry, "sent", answer);
        return;
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        if (!error.passing || attempt === ATTEMPTS) {
          this.#settle(entry, "failed", error);
          return;
        }
        await this.#pause.wait(delay(attempt, error.retryAfter));
      }
    }
  }

  #settle(entry, state, detail) {
    if (this.#stopped) return;
    if (state === "sent") this.entries = this.entries.filter((other) => other !== entry);
    else Object.assign(entry, { failed: true, passing: detail.passing });
    this.#save();
    this.onstate(entry, state, detail);
  }

  #save() {
    keep(this.key, this.entries.length ? this.entries : null);
  }
}
