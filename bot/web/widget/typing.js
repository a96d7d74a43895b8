/** The dots that say that an answer is being written. */

import { el } from "./element.js";

// Signals are repeated while somebody types; without one for this long they stopped.
const SHOWN_MS = 8_000;

export class Typing {
  #timer = null;

  constructor({ texts }) {
    this.texts = texts;
    this.words = el("span", { class: "unseen" });
    this.node = el("div", { class: "typing", hidden: true }, el("i"), el("i"), el("i"), this.words);
  }

  show(from) {
    clearTimeout(this.#timer);
    this.words.textContent = this.texts.typing[from] ?? this.texts.typing.bot;
    this.node.hidden = false;
    this.#timer = setTimeout(() => this.hide(), SHOWN_MS);
  }

  hide() {
    clearTimeout(this.#timer);
    this.node.hidden = true;
  }
}
