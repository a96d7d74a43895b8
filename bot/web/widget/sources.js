/** Where an answer's facts come from, each with its page in the help centre. */

import { dateOnly } from "./clock.js";
import { el } from "./element.js";
import { fill } from "./language.js";
import { link } from "./links.js";

const FOLDERS = { "zh-Hans": "zh", "zh-Hant": "zh-Hant", en: "en" };

/** The help centre of the gateway at `base`, in a language; with an id, the page of that article. */
export function helpAddress(base, language, id) {
  const page = id ? `${encodeURIComponent(id)}.html` : "";
  return `${base}/help/${FOLDERS[language]}/${page}`;
}

/** "来源：… 更新于 …" for each source; nothing without one. `texts` are the chat's words. */
export function sourcesElement(sources, { texts, language, base }) {
  if (!sources?.length) return null;
  return el("ul", { class: "sources" }, ...sources.map((source) => {
    const title = fill(texts.source, { title: source.title ?? source.id });
    const line = el("li", { "data-source": source.id }, link(helpAddress(base, language, source.id), title));
    const date = source.updated && fill(texts.updated, { date: dateOnly(source.updated, language) });
    if (date) line.append(" ", el("span", { class: "updated" }, date));
    return line;
  }));
}
