/**
 * The list of messages: each sequence number once, in order, with the days between. The same
 * message may come three ways (the answer to a send, the event stream, the history); the
 * first one draws it, the others only add what was still unknown.
 */

import { Bubble } from "./bubble.js";
import { dayName } from "./clock.js";
import { el } from "./element.js";
import { TEXTS } from "./texts.js";

// Closer to the end than this, a reader wants to be taken along to new messages.
const NEAR_END_PX = 80;
// An unsent message stands after everything known when it was written.
const AFTER_KNOWN = 0.5;
const STEP = 0.001;

export class Log {
  #bubbles = [];
  #seqs = new Set();
  #highest = 0;
  #unsent = 0;
  #following = true;

  constructor({ language, hands, onchange = () => {} }) {
    this.language = language;
    this.hands = hands;
    this.onchange = onchange;
    const texts = TEXTS[language];
    this.list = el("div", {
      class: "log", role: "log", "aria-live": "polite", "aria-label": texts.log, tabindex: "0",
      "data-testid": "chat-log", onscroll: () => this.#scrolled(),
    });
    this.jump = el("button", { type: "button", class: "jump", hidden: true, onclick: () => this.toEnd() },
      `${texts.newMessages} ↓`);
    // A keyboard that opens or a view that is shown again must not hide the latest words.
    new ResizeObserver(() => this.#following && this.toEnd()).observe(this.list);
    this.node = el("div", { class: "log-frame" }, this.list, this.jump);
  }

  get empty() {
    return this.#bubbles.length === 0;
  }

  /** Adds messages of the gateway; gives how many were new. */
  add(messages) {
    const before = this.#bubbles.length;
    for (const message of messages) {
      if (this.#isNew(message)) this.#insert({ ...message, order: message.seq });
    }
    this.#settle();
    return this.#bubbles.length - before;
  }

  /** Adds or updates a message of the outbox. */
  addOwn(entry, state, detail) {
    let bubble = this.#own(entry.message_id);
    if (!bubble) {
      const order = this.#highest + AFTER_KNOWN + STEP * (this.#unsent += 1);
      const { message_id, shown: text } = entry;
      bubble = this.#insert({ message_id, text, from: "shopper", at: new Date(), order });
    }
    bubble.progress(state, state === "failed" ? detail : null);
    if (state === "sent") this.#know(bubble, detail.seq);
    this.#settle(state === "sending");
  }

  /** True once somebody else spoke after a message, so that no answer is being waited for. */
  answered(seq) {
    return this.#bubbles.some(({ entry }) => entry.from !== "shopper" && entry.order > seq);
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    this.#following = true;
    this.jump.hidden = true;
  }

  #own(messageId) {
    return messageId && this.#bubbles.find((bubble) => bubble.entry.message_id === messageId);
  }

  #isNew(message) {
    if (this.#seqs.has(message.seq)) return false;
    const own = this.#own(message.message_id);
    if (!own) return true;
    own.progress("sent");
    this.#know(own, message.seq);
    return false;
  }

  #know(bubble, seq) {
    if (seq === null || seq === undefined) return;
    bubble.place(seq);
    this.#seqs.add(seq);
    this.#highest = Math.max(this.#highest, seq);
  }

  #insert(entry) {
    const bubble = new Bubble(entry, this.language, this.hands);
    this.#bubbles.push(bubble);
    this.#know(bubble, entry.seq);
    return bubble;
  }

  /** Puts everything where it belongs after a change. */
  #settle(own = false) {
    const follow = own || this.#following;
    const grown = this.#bubbles.length > this.list.children.length;
    this.#bubbles.sort((one, other) => one.entry.order - other.entry.order);
    this.#arrange();
    this.#retireButtons();
    this.onchange();
    if (follow) this.toEnd();
    else if (grown) this.jump.hidden = false;
  }

  #arrange() {
    let previous = null;
    let last = null;
    for (const { node, entry } of this.#bubbles) {
      const day = entry.at?.toDateString();
      node.firstChild.toggleAttribute("data-repeated", last === entry.from && (!day || day === previous));
      node.dataset.day = day && day !== previous ? dayName(entry.at, this.language, TEXTS[this.language]) : "";
      previous = day ?? previous;
      last = entry.from;
    }
    // Moving a node would make a screen reader say it again: only those out of place move.
    this.#bubbles.forEach(({ node }, index) => {
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index] ?? null);
    });
  }

  /**
   * Buttons live until somebody says something newer. Further words of the assistant in the
   * same breath do not count, unless they bring buttons of their own.
   */
  #retireButtons() {
    let over = false;
    for (const bubble of [...this.#bubbles].reverse()) {
      if (over) bubble.retireButtons();
      over ||= bubble.entry.from !== "bot" || bubble.buttons.length > 0;
    }
  }

  #nearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.list;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  #scrolled() {
    // What is not shown has no size, and its position says nothing about the reader.
    if (!this.list.clientHeight) return;
    this.#following = this.#nearEnd();
    if (this.#following) this.jump.hidden = true;
  }
}
