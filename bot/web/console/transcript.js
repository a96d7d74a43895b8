/** What was said in the open conversation, each entry once and in order. */

import { dayAndTime, moment, timeOfDay } from "../widget/clock.js";
import { el } from "../widget/element.js";
import { withLinks } from "../widget/links.js";
import { sourcesElement } from "../widget/sources.js";
import { TEXTS } from "../widget/texts.js";
import { Correction, isCorrectable } from "./correction.js";

const NEAR_END_PX = 80;

export class Transcript {
  #rows = new Map();
  #unsent = new Map();
  #following = true;

  constructor({ texts, language, me, words, onretry, search, correct }) {
    Object.assign(this, { texts, language, me, words, onretry, search, correct });
    this.node = el("div", {
      class: "transcript", role: "log", "aria-live": "polite", "aria-label": texts.transcript, tabindex: "0",
      "data-testid": "desk-transcript", onscroll: () => { this.#following = this.#nearEnd(); },
    });
    // A question or a line that opens beside it must not cover the latest words.
    new ResizeObserver(() => this.#following && this.toEnd()).observe(this.node);
  }

  /** Adds entries of the conversation. */
  add(entries) {
    const follow = this.#following;
    for (const entry of entries) {
      if (this.#rows.has(entry.seq)) continue;
      if (entry.from === "agent") this.#dropEcho(entry.text);
      const row = this.#row(entry);
      row.dataset.seq = entry.seq;
      this.#rows.set(entry.seq, row);
      const next = [...this.node.children].find((other) => !other.dataset.seq || Number(other.dataset.seq) > entry.seq);
      this.node.insertBefore(row, next ?? null);
    }
    if (follow) this.toEnd();
  }

  /** Shows the agent's own message on its way; `error` is words. */
  own({ message_id: id, shown }, state, { seq, error } = {}) {
    const row = this.#unsent.get(id) ?? this.#row({ from: "agent", text: shown, agent: this.me, at: new Date().toISOString() });
    if (state === "sent") {
      row.remove();
      this.#unsent.delete(id);
      this.add([{ seq, from: "agent", text: shown, agent: this.me, at: new Date().toISOString() }]);
      return;
    }
    this.#unsent.set(id, row);
    row.dataset.state = state;
    const status = row.querySelector(".status");
    status.replaceChildren(state === "failed" ? `${this.texts.failed} · ${error} ` : this.texts.sending);
    if (state === "failed") {
      status.append(el("button", { type: "button", class: "retry", onclick: () => this.onretry(id) }, this.texts.retry));
    }
    if (!row.isConnected) this.node.append(row);
    this.toEnd();
  }

  toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
    this.#following = true;
  }

  /** The event of an own message may come before the answer to it: then it is that message. */
  #dropEcho(text) {
    const echo = [...this.#unsent].find(([, row]) => row.dataset.state === "sending" && row.dataset.text === text);
    if (!echo) return;
    echo[1].remove();
  }

  #row(entry) {
    const { texts, language } = this;
    const when = moment(entry.at);
    const today = when && when.toDateString() === new Date().toDateString();
    const time = when && el("time", { datetime: when.toISOString() }, (today ? timeOfDay : dayAndTime)(when, language));
    return el("div", { class: "entry", "data-testid": "desk-message", "data-from": entry.from, "data-text": entry.text },
      el("div", { class: "byline" }, entry.agent || texts.from[entry.from] || entry.from, " ", time),
      el("p", {}, withLinks(entry.text ?? "")),
      this.#sources(entry),
      isCorrectable(entry) ? this.#correction(entry) : null,
      el("div", { class: "status" }));
  }

  /** As the shopper has them: in the conversation's language, whatever the agent's. */
  #sources({ sources, language }) {
    const theirs = language in TEXTS ? language : this.language;
    const list = sourcesElement(sources, { texts: TEXTS[theirs], language: theirs, base: "" });
    list?.setAttribute("lang", theirs);
    return list;
  }

  #correction(entry) {
    const { texts, words, search, correct } = this;
    return new Correction({ entry, texts, words, search, send: correct }).node;
  }

  #nearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.node;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }
}
