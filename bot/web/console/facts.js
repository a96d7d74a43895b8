/** What is known about a ticket, beside the conversation. */

import { dayAndTime, moment } from "../widget/clock.js";
import { el } from "../widget/element.js";
import { withLinks } from "../widget/links.js";
import { summaryWords, wordFor } from "./codes.js";

const DEEPEST = 3;

function pairs(rows) {
  const shown = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return el("dl", {}, ...shown.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

/** Any fact as an element: lists as lists, objects as pairs, codes in words. */
function valueOf(value, language, depth = 0) {
  if (Array.isArray(value) && depth < DEEPEST) {
    return el("ul", {}, ...value.map((one) => el("li", {}, valueOf(one, language, depth + 1))));
  }
  if (value !== null && typeof value === "object") {
    if (depth >= DEEPEST) return JSON.stringify(value);
    return factPairs(value, language, depth + 1);
  }
  return withLinks(wordFor(value ?? "–", language));
}

function factPairs(facts, language, depth) {
  return pairs(Object.entries(facts).map(([name, value]) => {
    const word = wordFor(name, language);
    const at = name.endsWith("_at") && moment(value);
    return [word === name ? name.replaceAll("_", " ") : word, at ? dayAndTime(at, language) : valueOf(value, language, depth)];
  }));
}

function block(title, ...content) {
  return el("section", {}, el("h3", {}, title), ...content);
}

/** Shows a ticket's facts in the panel. */
export function showFacts(panel, ticket, texts, language) {
  const { label } = texts;
  const word = (code) => code && wordFor(code, language);
  const opened = moment(ticket.opened_at);
  const facts = ticket.facts ?? {};
  panel.replaceChildren(
    block(texts.customer, el("p", { class: "name" }, ticket.customer?.name ?? texts.visitor), pairs([
      [label.id, ticket.customer?.id],
      [label.language, word(ticket.language)],
    ])),
    block(texts.summary, el("p", {}, withLinks(summaryWords(ticket.summary, language) || texts.none))),
    block(texts.known, Object.keys(facts).length ? factPairs(facts, language, 0) : el("p", { class: "nothing" }, texts.none)),
    block(texts.ticket, pairs([
      [label.id, ticket.ticket],
      [label.reason, word(ticket.reason)],
      [label.priority, word(ticket.priority)],
      [label.skill, word(ticket.skill)],
      [label.opened, opened && dayAndTime(opened, language)],
      [label.position, ticket.position],
      [label.agent, ticket.assigned_to],
    ])));
}
