/**
 * Who the shopper is towards the gateway: a token, kept for this tab so that a reload
 * continues the conversation.
 */

import { keep, recall } from "./drawer.js";

export class Session {
  #issue;
  #key;
  #pending = null;

  /**
   * `key` names whose conversation it is; `issue` gives `{token, conversation_id}` anew;
   * `onchange` is told when a renewed token belongs to another conversation.
   */
  constructor({ key, issue, onchange = () => {} }) {
    this.#key = `xiaoer.session.${key}`;
    this.#issue = issue;
    this.onchange = onchange;
    this.held = recall(this.#key);
  }

  /** The token, asked for the first time it is needed. */
  async token() {
    if (!this.held) await this.#renew();
    return this.held.token;
  }

  /** Another token in place of one that was refused; callers at the same time share one. */
  async replace(refused) {
    if (this.held?.token === refused) await this.#renew();
    return this.token();
  }

  #renew() {
    this.#pending ??= this.#ask().finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  async #ask() {
    const before = this.held?.conversation_id;
    this.held = await this.#issue();
    keep(this.#key, this.held);
    if (before && before !== this.held.conversation_id) this.onchange();
  }
}
