/** The open conversation: transcript, composer, and what the agent may do with it. */

import { meansSend } from "../widget/composer.js";
import { el } from "../widget/element.js";
import { GatewayError } from "../widget/gateway.js";
import { fill } from "../widget/language.js";
import { Outbox } from "../widget/outbox.js";
import { summaryWords } from "./codes.js";
import * as desk from "./desk.js";
import { Transcript } from "./transcript.js";

const TYPING_EVERY_MS = 3_000;
const TYPING_SHOWN_MS = 6_000;

export class Conversation {
  #signalled = 0;
  #timer = null;

  /** `onchange()` after a step that changed the ticket; `onerror(error)` for one that failed. */
  constructor({ ticket, texts, language, me, words, onchange, onerror, onback }) {
    Object.assign(this, { texts, language, me, onchange, onerror });
    this.id = ticket.ticket;
    this.transcript = new Transcript({
      texts, language, me, words, onretry: (id) => this.outbox.retry(id),
      search: desk.findArticles, correct: (correction) => desk.correct(this.id, correction),
    });
    this.outbox = new Outbox({
      key: `desk.${this.id}`,
      post: (message) => desk.say(this.id, message),
      onstate: (entry, state, detail) => this.#progress(entry, state, detail, words),
    });
    this.#build(onback);
    this.transcript.add(ticket.transcript ?? []);
    for (const entry of this.outbox.entries) this.transcript.own(entry, entry.failed ? "failed" : "sending", { error: "" });
    this.update(ticket);
    this.outbox.run();
  }

  /** Takes over a newer state of the ticket and what was missed meanwhile. */
  update(ticket) {
    const { texts } = this;
    const state = this.#standing(ticket);
    if (ticket.transcript) this.transcript.add(ticket.transcript);
    this.heading.textContent = `${ticket.customer?.name ?? texts.visitor} · ${ticket.ticket}`;
    this.gist.textContent = summaryWords(ticket.summary, this.language);
    this.takeButton.hidden = state !== "queued" && state !== "notice";
    this.doneButton.hidden = state !== "notice";
    this.returnButton.hidden = this.closeButton.hidden = state !== "mine";
    if (state !== "mine") this.confirm.hidden = true;
    this.input.disabled = state !== "mine";
    this.input.placeholder = fill(texts.hint[state], { agent: ticket.assigned_to ?? "" });
    this.#fit();
  }

  /** The other side is writing. */
  typing() {
    clearTimeout(this.#timer);
    this.dots.textContent = this.texts.typing;
    this.#timer = setTimeout(() => this.dots.replaceChildren(), TYPING_SHOWN_MS);
  }

  hear(message) {
    if (message.from === "shopper") this.dots.replaceChildren();
    this.transcript.add([message]);
  }

  stop() {
    clearTimeout(this.#timer);
    this.outbox.stop();
  }

  #standing({ state, assigned_to: agent, is_notice: isNotice }) {
    if (state === "queued") return isNotice ? "notice" : "queued";
    if (state !== "assigned") return "over";
    return agent === this.me ? "mine" : "other";
  }

  #build(onback) {
    const { texts } = this;
    const button = (name, text, kind, act) =>
      el("button", { type: "button", class: kind, "data-testid": `desk-${name}`, onclick: act }, text);
    this.heading = el("h2", {});
    this.gist = el("p", { class: "gist" });
    this.takeButton = button("take", texts.take, "primary", (event) => this.#step(event.target, desk.take));
    this.doneButton = button("done", texts.done, "plain", (event) => this.#step(event.target, desk.close));
    this.returnButton = button("return", texts.giveBack, "plain", (event) => this.#step(event.target, desk.giveBack));
    this.closeButton = button("close", texts.close, "plain", () => this.#ask(true));
    this.confirmButton = button("confirm", texts.confirm, "primary", (event) => this.#step(event.target, desk.close));
    this.confirm = el("div", { class: "confirm", role: "alertdialog", "aria-label": texts.confirmClose, hidden: true },
      el("span", {}, texts.confirmClose), this.confirmButton, button("cancel", texts.cancel, "plain", () => this.#ask(false)));
    this.dots = el("p", { class: "dots", role: "status" });
    this.input = el("textarea", {
      rows: "1", "aria-label": texts.input, "data-testid": "desk-input",
      oninput: () => this.#written(), onkeydown: (event) => this.#key(event),
    });
    this.sendButton = el("button", { type: "submit", class: "primary", "data-testid": "desk-send" }, texts.send);
    this.form = el("form", { class: "reply", onsubmit: (event) => this.#submit(event) }, this.input, this.sendButton);
    this.node = el("section", { class: "conversation" },
      el("header", {},
        el("button", { type: "button", class: "back plain", onclick: onback }, texts.back),
        el("div", { class: "about" }, this.heading, this.gist),
        el("div", { class: "steps" }, this.takeButton, this.doneButton, this.returnButton, this.closeButton)),
      this.confirm, this.transcript.node, this.dots, this.form);
  }

  #ask(open) {
    this.confirm.hidden = !open;
    (open ? this.confirmButton : this.closeButton).focus();
  }

  async #step(button, step) {
    button.disabled = true;
    try {
      await step(this.id);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      this.onerror(error);
    } finally {
      button.disabled = false;
    }
    await this.onchange();
    if (!this.input.disabled) this.input.focus();
  }

  #key(event) {
    if (!meansSend(event)) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text || this.input.disabled) return;
    this.input.value = "";
    this.#fit();
    this.outbox.add({ text, shown: text });
  }

  #written() {
    this.#fit();
    const now = Date.now();
    if (!this.input.value.trim() || now - this.#signalled < TYPING_EVERY_MS) return;
    this.#signalled = now;
    this.#signal();
  }

  async #signal() {
    try {
      await desk.signalTyping(this.id);
    } catch (error) {
      // A signal that got lost is worth no words: the next keys send another.
      if (!(error instanceof GatewayError)) throw error;
    }
  }

  #fit() {
    this.sendButton.disabled = this.input.disabled || !this.input.value.trim();
    this.input.style.height = "auto";
    if (this.input.value) this.input.style.height = `${this.input.scrollHeight}px`;
  }

  #progress(entry, state, detail, words) {
    this.transcript.own(entry, state, state === "failed" ? { error: words(detail) } : detail);
    if (state === "failed" && !detail.passing) this.onerror(detail);
  }
}
