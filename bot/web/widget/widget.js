/**
 * `<xiaoer-chat>`: the chat as one element, without dependencies.
 *
 *   <script type="module" src="/assets/widget/widget.js"></script>
 *   <xiaoer-chat></xiaoer-chat>
 *
 * Attributes: `lang` (zh-Hans, zh-Hant, en; otherwise the reader's own), `base` (the gateway's
 * address, if it is not this site's), `manual` (start only at `signIn`).
 * Methods: `signIn({key, issue})` for a shopper the shop knows, where `issue()` gives
 * `{token, conversation_id}`; `fill(text)`; `suggest([text, …])`.
 */

import { Banner } from "./banner.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { el, icon } from "./element.js";
import { call, GatewayError, read } from "./gateway.js";
import { chooseLanguage, languageOf } from "./language.js";
import { Log } from "./log.js";
import { Session } from "./session.js";
import { TEXTS } from "./texts.js";
import { Typing } from "./typing.js";

const STYLES = new URL("./widget.css", import.meta.url).href;

export class XiaoerChat extends HTMLElement {
  #suggestions = [];
  #conversation = null;
  #who = null;

  connectedCallback() {
    if (this.#who) this.#open();
    else if (!this.hasAttribute("manual")) this.signIn();
  }

  disconnectedCallback() {
    this.#conversation?.stop();
  }

  /** Opens the conversation of one shopper; without arguments, of a visitor. */
  signIn({ key = "visitor", issue = () => this.#visitor() } = {}) {
    this.#who = { key, issue };
    if (this.isConnected) this.#open();
  }

  /** Puts a question into the input; the shopper sends it. */
  fill(text) {
    this.composer?.fill(text);
  }

  /** Example questions for a conversation in which nothing was said yet. */
  suggest(questions) {
    this.#suggestions = questions;
    if (this.welcome) this.#welcome();
  }

  get #base() {
    return this.getAttribute("base") ?? "";
  }

  get #language() {
    return languageOf(this.lang) ?? chooseLanguage();
  }

  async #visitor() {
    return read(await call(`${this.#base}/v1/visitors`, { method: "POST" }));
  }

  #open() {
    this.#conversation?.stop();
    const { key, issue } = this.#who;
    this.texts = TEXTS[this.#language];
    this.#draw();
    const session = new Session({ key, issue, onchange: () => this.#startAnew() });
    const { log, banner, typing } = this;
    this.#conversation = new Conversation({ base: this.#base, key, session, log, banner, typing });
    this.#conversation.start();
  }

  /** A token that ran out and could only be replaced by one for another conversation. */
  #startAnew() {
    queueMicrotask(() => {
      this.#open();
      this.notice.textContent = this.texts.renewed;
      this.notice.hidden = false;
    });
  }

  #draw() {
    const { texts } = this;
    this.banner = new Banner({ texts });
    this.typing = new Typing({ texts });
    this.composer = new Composer({ texts, onsend: (text) => this.#say(text) });
    this.log = new Log({ language: this.#language, hands: this.#hands(), onchange: () => this.#welcome() });
    this.welcome = el("div", { class: "welcome" });
    this.notice = el("p", { class: "notice", role: "status", hidden: true });
    this.log.node.prepend(this.welcome);
    const frame = el("div", { class: "chat", lang: this.#language, role: "region", "aria-label": texts.name, hidden: true },
      this.#header(), this.banner.node, this.notice, this.log.node, this.typing.node, this.composer.node);
    const show = () => frame.removeAttribute("hidden");
    const styles = el("link", { rel: "stylesheet", href: STYLES, onload: show, onerror: show });
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.replaceChildren(styles, frame);
    this.#welcome();
  }

  #header() {
    const { texts } = this;
    const ask = () => this.#say(texts.humanText);
    return el("header", {},
      el("span", { class: "seal", "aria-hidden": "true" }, "二"),
      el("div", { class: "title" }, el("h2", {}, texts.name), el("p", {}, texts.role)),
      el("button", { type: "button", class: "human", "data-testid": "chat-human", onclick: ask }, icon("person"), texts.human));
  }

  #welcome() {
    const { texts } = this;
    this.welcome.hidden = !this.log.empty;
    if (this.welcome.hidden) return;
    const chips = this.#suggestions.map((question) =>
      el("button", { type: "button", class: "quick", onclick: () => this.fill(question) }, question));
    this.welcome.replaceChildren(el("h3", {}, texts.welcome), el("p", {}, texts.welcomeText));
    if (chips.length) this.welcome.append(el("h4", {}, texts.suggestions), el("div", { class: "chips" }, ...chips));
  }

  #say(text) {
    this.notice.hidden = true;
    this.#conversation.say(text);
  }

  #hands() {
    return {
      base: this.#base,
      press: (button) => this.#conversation.press(button),
      retry: (messageId) => this.#conversation.outbox.retry(messageId),
      vote: (seq, vote) => this.#vote(seq, vote),
    };
  }

  /** True where the vote was counted. */
  async #vote(seq, vote) {
    try {
      await this.#conversation.gateway.vote(seq, vote);
      return true;
    } catch (error) {
      if (error instanceof GatewayError) return false;
      throw error;
    }
  }
}

customElements.define("xiaoer-chat", XiaoerChat);
