/** The agents' console: signs in, keeps queue, conversation and facts up to date. */

import { el } from "../widget/element.js";
import { GatewayError } from "../widget/gateway.js";
import { chooseLanguage, fill, LANGUAGES } from "../widget/language.js";
import { Conversation } from "./conversation.js";
import * as desk from "./desk.js";
import { showFacts } from "./facts.js";
import { Queue } from "./queue.js";
import { signInForm } from "./signin.js";
import { LANGUAGE_NAMES, TEXTS } from "./texts.js";

const LANGUAGE_KEY = "xiaoer.desk.language";
const LOST_AFTER_MS = 1_500;
const ERROR_SHOWN_MS = 8_000;

class Console {
  #openId = null;
  #stale = false;
  #refreshing = null;
  #errorTimer = null;
  #lostTimer = null;

  constructor(root) {
    this.root = root;
    const remembered = localStorage.getItem(LANGUAGE_KEY);
    this.language = LANGUAGES.includes(remembered) ? remembered : chooseLanguage();
    this.agent = null;
    this.events = new desk.DeskEvents({
      tickets: () => this.refresh(),
      resync: () => this.refresh(),
      message: (data) => this.#hear(data),
      typing: ({ ticket }) => ticket === this.#openId && this.conversation?.typing(),
      live: (live) => this.#live(live),
    });
  }

  get texts() {
    return TEXTS[this.language];
  }

  async begin() {
    this.#showSignIn();
    await this.#safely(async () => this.#enter((await desk.session()).agent), { quiet: true });
  }

  /** Fetches the list, and the open ticket again, because either may have changed. */
  async refresh() {
    this.#stale = true;
    this.#refreshing ??= this.#fetch().finally(() => { this.#refreshing = null; });
    await this.#refreshing;
  }

  /** One fetch at a time, so that an older answer never covers a newer one. */
  async #fetch() {
    while (this.#stale && this.agent) {
      this.#stale = false;
      await this.#safely(async () => {
        this.queue.show(await desk.openTickets());
        this.#title();
        if (this.#openId) this.#update(await desk.ticketWithTranscript(this.#openId));
      });
    }
  }

  #enter(agent) {
    this.agent = agent;
    this.#showDesk();
    this.events.open();
  }

  #leave(notice = "") {
    this.events.close();
    this.conversation?.stop();
    this.queue?.stop();
    this.conversation = this.agent = this.#openId = null;
    this.#showSignIn(notice);
  }

  #showSignIn(notice = "") {
    const form = signInForm({ texts: this.texts, words: (error) => this.#words(error), notice, done: (agent) => this.#enter(agent) });
    this.#show(this.#bar(), el("main", { class: "door" }, form));
    document.title = this.texts.title;
  }

  #showDesk() {
    const { texts, language } = this;
    this.queue?.stop();
    this.queue = new Queue({ texts, language, me: this.agent.name, onopen: (ticket) => this.#open(ticket) });
    this.stage = el("div", { class: "stage" }, el("p", { class: "nothing" }, texts.choose));
    this.panel = el("aside", { class: "facts", "aria-label": texts.facts });
    this.lost = el("p", { class: "lost", role: "status", hidden: true }, texts.lost);
    this.problem = el("p", { class: "problem", role: "alert", hidden: true });
    this.#show(this.#bar(), this.lost, this.problem, el("main", { class: "columns" }, this.queue.node, this.stage, this.panel));
    this.refresh();
  }

  #show(...parts) {
    document.documentElement.lang = this.language;
    this.root.replaceChildren(...parts);
  }

  #bar() {
    const { texts } = this;
    const options = LANGUAGES.map((language) =>
      el("option", { value: language, lang: language, selected: language === this.language }, LANGUAGE_NAMES[language]));
    const change = (event) => this.#speak(event.target.value);
    const out = el("button", { type: "button", class: "plain", "data-testid": "desk-signout", onclick: () => this.#signOut() }, texts.signOut);
    return el("header", { class: "bar" }, el("span", { class: "seal", "aria-hidden": "true" }, "二"), el("b", {}, texts.title),
      el("select", { "aria-label": texts.language, "data-testid": "desk-language", onchange: change }, ...options),
      this.agent ? el("span", { class: "agent" }, this.agent.name) : null, this.agent ? out : null);
  }

  async #speak(language) {
    localStorage.setItem(LANGUAGE_KEY, language);
    this.language = language;
    const open = this.#openId;
    if (!this.agent) this.#showSignIn();
    else this.#showDesk();
    if (open) await this.#open(open);
  }

  async #signOut() {
    await this.#safely(async () => {
      await desk.signOut();
      this.#leave();
    });
  }

  async #open(id) {
    await this.#safely(async () => {
      const ticket = await desk.ticketWithTranscript(id);
      this.conversation?.stop();
      this.#openId = id;
      this.problem.hidden = true;
      this.conversation = new Conversation({
        ticket, texts: this.texts, language: this.language, me: this.agent.name, words: (error) => this.#words(error),
        onchange: () => this.refresh(), onerror: (error) => this.#fail(error), onback: () => this.#back(),
      });
      this.stage.replaceChildren(this.conversation.node);
      this.conversation.transcript.toEnd();
      this.root.dataset.view = "conversation";
      showFacts(this.panel, ticket, this.texts, this.language);
      this.queue.select(id);
    });
  }

  /** On a narrow window, from the conversation to the list. */
  #back() {
    this.root.dataset.view = "queue";
  }

  #update(ticket) {
    if (ticket.ticket !== this.#openId) return;
    this.conversation.update(ticket);
    showFacts(this.panel, ticket, this.texts, this.language);
  }

  #hear({ ticket, message }) {
    if (ticket === this.#openId) this.conversation?.hear(message);
    else if (message.from === "shopper") this.queue.said(ticket);
  }

  #title() {
    const { waiting } = this.queue;
    document.title = waiting ? `(${waiting}) ${this.texts.title}` : this.texts.title;
  }

  #live(live) {
    clearTimeout(this.#lostTimer);
    if (live) {
      this.lost.hidden = true;
      this.conversation?.outbox.retry();
      this.refresh();
    } else {
      this.#lostTimer = setTimeout(() => { this.lost.hidden = false; }, LOST_AFTER_MS);
    }
  }

  /** Runs a step; what goes wrong is said in words, and an ended session leads to the door. */
  async #safely(step, { quiet = false } = {}) {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      if (!quiet) this.#fail(error);
    }
  }

  #fail(error) {
    if (error.status === 401) {
      if (this.agent) this.#leave(this.texts.error.not_signed_in);
      return;
    }
    this.problem.textContent = this.#words(error);
    this.problem.hidden = false;
    clearTimeout(this.#errorTimer);
    this.#errorTimer = setTimeout(() => { this.problem.hidden = true; }, ERROR_SHOWN_MS);
  }

  #words(error) {
    const { error: known } = this.texts;
    return known[error.code] ?? fill(known.other, { code: error.code });
  }
}

new Console(document.getElementById("desk")).begin();
