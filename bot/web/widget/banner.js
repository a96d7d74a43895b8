/** The lines that say how things stand: who is speaking, the place in line, the connection. */

import { el } from "./element.js";
import { fill } from "./language.js";

// A stream that comes back sooner was never away, as far as a shopper is concerned.
const LOST_AFTER_MS = 1_500;

export class Banner {
  #timer = null;

  constructor({ texts }) {
    this.texts = texts;
    this.owner = "bot";
    this.agent = null;
    this.words = el("span", { class: "owner", "data-testid": "owner-banner" });
    this.place = el("span", { class: "queue", hidden: true });
    this.lost = el("div", { class: "lost", role: "status", hidden: true });
    this.node = el("div", { class: "banner" },
      el("div", { class: "speaking", role: "status" }, this.words, this.place), this.lost);
    this.speaks("bot");
  }

  /** Who owns the conversation now, and the agent's name where it is known. */
  speaks(owner, agent = null) {
    if (owner !== this.owner) this.agent = null;
    this.owner = owner in this.texts.owner ? owner : "bot";
    this.agent = agent ?? this.agent;
    const named = this.owner === "human" && this.agent;
    this.#say(fill(this.texts.owner[named ? "named" : this.owner], { agent: this.agent }));
    this.node.dataset.owner = this.owner;
    this.words.dataset.owner = this.owner;
    if (this.owner !== "queued") this.place.hidden = true;
  }

  /** The place in line; without an estimate only the place. */
  waits({ position, eta_seconds: seconds }) {
    if (!position || this.owner === "human") return;
    const minutes = Math.max(1, Math.round((seconds ?? 0) / 60));
    this.place.textContent = fill(seconds ? this.texts.queueSoon : this.texts.queue, { position, minutes });
    this.place.hidden = false;
  }

  connected(live) {
    clearTimeout(this.#timer);
    this.lost.hidden = this.lost.hidden || live;
    if (live) this.lost.replaceChildren();
    else this.#timer = setTimeout(() => this.#lose(), LOST_AFTER_MS);
  }

  #lose() {
    this.lost.textContent = this.texts.lost;
    this.lost.hidden = false;
  }

  /** Only a change is put in: a status that is set again is read out again. */
  #say(words) {
    if (this.words.textContent !== words) this.words.textContent = words;
  }
}
