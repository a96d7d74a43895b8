/** One message in the log. */

import { cardElement } from "./card.js";
import { timeOfDay } from "./clock.js";
import { el, icon } from "./element.js";
import { withLinks } from "./links.js";
import { sourcesElement } from "./sources.js";
import { TEXTS } from "./texts.js";

export class Bubble {
  /**
   * `entry`: a message of the gateway or of the outbox, with `at` (Date or null) and `order`.
   * `hands`: what its buttons do: `press(button)`, `vote(seq, vote)`, `retry(messageId)`; and
   * `base`, the address of the gateway.
   */
  constructor(entry, language, hands) {
    this.entry = entry;
    this.hands = hands;
    // The words around an answer are in the answer's language; a shopper's own in the page's.
    this.language = entry.from !== "shopper" && entry.language in TEXTS ? entry.language : language;
    this.texts = TEXTS[this.language];
    this.state = el("span", { class: "state" });
    this.buttons = [];
    this.node = this.#build();
    this.place(entry.seq);
  }

  /** Its place in the conversation, once the gateway has told it. */
  place(seq) {
    if (seq === null || seq === undefined) return;
    Object.assign(this.entry, { seq, order: seq });
    this.node.dataset.seq = seq;
  }

  /** How far a shopper's message has come: "sending", "sent" or "failed" with a reason. */
  progress(state, error = null) {
    const { state: states, reason, retry } = this.texts;
    this.node.dataset.state = state;
    this.state.replaceChildren(states[state]);
    if (state !== "failed") return;
    const why = error ? ` · ${reason[error.code] ?? reason.other}` : "";
    const again = () => this.hands.retry(this.entry.message_id);
    this.state.append(why, " ", el("button", { type: "button", class: "retry", onclick: again }, retry));
  }

  /** Quick replies belong to one moment; afterwards they stay readable and do nothing. */
  retireButtons() {
    for (const button of this.buttons) button.disabled = true;
  }

  #build() {
    const { entry, texts, language } = this;
    const author = entry.agent || texts.from[entry.from] || texts.from.system;
    const time = entry.at && el("time", { datetime: entry.at.toISOString() }, timeOfDay(entry.at, language));
    return el("div", { class: "message", "data-testid": "message", "data-from": entry.from, lang: entry.from === "shopper" ? null : language },
      el("span", { class: "author" }, author),
      el("div", { class: "bubble" },
        el("p", { class: "text" }, withLinks(entry.text ?? "")),
        cardElement(entry.card, texts, language),
        sourcesElement(entry.sources, { texts, language, base: this.hands.base })),
      this.#quickReplies(),
      el("div", { class: "meta" }, time, this.state, this.#votes()));
  }

  #quickReplies() {
    if (!this.entry.buttons?.length) return null;
    this.buttons = this.entry.buttons.map((button) => {
      const press = () => {
        this.retireButtons();
        this.hands.press(button);
      };
      return el("button", { type: "button", class: "quick", "data-testid": "quick-reply", onclick: press }, button.title);
    });
    return el("div", { class: "quick-replies" }, ...this.buttons);
  }

  #votes() {
    if (this.entry.from !== "bot" || !this.entry.seq) return null;
    const words = this.texts.vote;
    const thanks = el("span", { role: "status" });
    const buttons = ["up", "down"].map((vote) => el("button", {
      type: "button", class: "vote", "data-vote": vote, "aria-label": words[vote], title: words[vote],
      "aria-pressed": "false", onclick: () => cast(vote),
    }, icon(vote)));
    const cast = async (vote) => {
      mark(vote, true);
      const counted = await this.hands.vote(this.entry.seq, vote);
      if (counted) thanks.textContent = words.thanks;
      else mark(null, false);
    };
    const mark = (vote, disabled) => buttons.forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.vote === vote));
      button.disabled = disabled;
    });
    return el("span", { class: "votes" }, ...buttons, thanks);
  }
}
