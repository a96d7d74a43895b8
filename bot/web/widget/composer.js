/** Where the shopper writes. Enter sends, Shift+Enter begins a new line. */

import { el, icon } from "./element.js";

// Safari ends a composition before the Enter that confirmed it; only this old code tells.
const COMPOSING = 229;

/** True for an Enter that means "send", not "take this candidate" of an input method. */
export function meansSend(event) {
  const composing = event.isComposing || event.keyCode === COMPOSING;
  return event.key === "Enter" && !event.shiftKey && !composing;
}

export class Composer {
  constructor({ texts, onsend }) {
    this.onsend = onsend;
    this.input = el("textarea", {
      class: "input", rows: "1", enterkeyhint: "send", autocomplete: "off", "data-testid": "chat-input",
      placeholder: texts.placeholder, "aria-label": texts.placeholder,
      oninput: () => this.#fit(), onkeydown: (event) => this.#key(event),
    });
    this.button = el("button", {
      type: "submit", class: "send", "aria-label": texts.send, title: texts.send, "data-testid": "chat-send",
    }, icon("send"));
    this.node = el("form", { class: "composer", onsubmit: (event) => this.#submit(event) }, this.input, this.button);
    this.#fit();
  }

  /** Puts words in for the shopper to send or change. */
  fill(text) {
    this.input.value = text;
    this.#fit();
    this.input.focus();
  }

  #key(event) {
    if (!meansSend(event)) return;
    event.preventDefault();
    this.node.requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.#fit();
    this.input.focus();
    this.onsend(text);
  }

  /** As high as its text; the style sheet sets the limit. */
  #fit() {
    this.button.disabled = !this.input.value.trim();
    this.input.style.height = "auto";
    if (this.input.value) this.input.style.height = `${this.input.scrollHeight}px`;
  }
}
