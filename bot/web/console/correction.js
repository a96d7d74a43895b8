/** Under an answer of the assistant's: what it should have said, as an article or in words. */

import { el } from "../widget/element.js";
import { GatewayError } from "../widget/gateway.js";

const SEARCH_AFTER_MS = 250;

/** Whether an entry came from the knowledge base, or is its "I don't know". */
export function isCorrectable({ from, sources, unanswered }) {
  return from === "bot" && Boolean(unanswered || sources?.length);
}

/** `search(words, language)` gives articles; `send({reply_seq, article | text})` keeps a correction. */
export class Correction {
  #timer = null;
  #asked = 0;

  constructor({ entry, texts, words, search, send }) {
    Object.assign(this, { entry, texts: texts.correction, words, search, send });
    const { ask, source } = this.texts;
    const titles = (entry.sources ?? []).map(({ title }) => title).join(" · ");
    this.button = el("button", {
      type: "button", class: "wrong", "aria-expanded": "false", "data-testid": "desk-wrong", onclick: () => this.#toggle(),
    }, entry.unanswered ? ask.unanswered : ask.answered);
    this.status = el("span", { role: "status", "data-testid": "desk-corrected" });
    this.node = el("div", { class: "correction" }, el("div", { class: "asking" },
      titles ? el("span", {}, `${source} ${titles}`) : null, this.button, this.status));
  }

  #toggle() {
    if (!this.form) this.node.append(this.#build());
    else this.form.hidden = !this.form.hidden;
    this.button.setAttribute("aria-expanded", String(!this.form.hidden));
    if (!this.form.hidden) this.input.focus();
  }

  #build() {
    const { texts } = this;
    this.input = el("input", {
      type: "search", maxlength: "200", "aria-label": texts.article, placeholder: texts.article, "data-testid": "desk-article-search",
      oninput: () => this.#typed(), onkeydown: (event) => event.key === "Enter" && event.preventDefault(),
    });
    this.found = el("ul", { class: "found", "aria-label": texts.found });
    this.text = el("textarea", { rows: "2", maxlength: "4000", "aria-label": texts.text, placeholder: texts.text, "data-testid": "desk-right-text" });
    this.form = el("form", { onsubmit: (event) => this.#written(event) }, this.input, this.found, this.text,
      el("button", { type: "submit", class: "plain", "data-testid": "desk-right-send" }, texts.keep));
    return this.form;
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), SEARCH_AFTER_MS);
  }

  async #look() {
    const words = this.input.value.trim();
    const asked = ++this.#asked;
    const found = words ? await this.#safely(() => this.search(words, this.entry.language.split("-")[0])) : [];
    // An older answer never covers a newer one.
    if (!found || asked !== this.#asked) return;
    this.found.replaceChildren(...found.map(({ id, title }) => el("li", {}, el("button", {
      type: "button", class: "plain", "data-testid": "desk-article", onclick: () => this.#keep({ article: id }),
    }, title))));
    if (words && !found.length) this.found.replaceChildren(el("li", {}, this.texts.nothing));
  }

  #written(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    if (text) this.#keep({ text });
    else this.text.focus();
  }

  async #keep(right) {
    const kept = await this.#safely(async () => {
      await this.send({ reply_seq: this.entry.seq, ...right });
      return true;
    });
    if (!kept) return;
    this.#asked += 1;
    this.form.remove();
    this.form = null;
    this.button.setAttribute("aria-expanded", "false");
    this.button.focus();
    this.status.textContent = this.texts.kept;
  }

  /** Runs a call; what goes wrong is said in words. */
  async #safely(call) {
    this.status.textContent = "";
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      this.status.textContent = this.words(error);
      return null;
    }
  }
}
