/** Web addresses in a text. Only http and https become links; everything else stays text. */

import { el } from "./element.js";

// Stops at blanks, quotes, brackets and full-width punctuation: Chinese text puts no blank
// between an address and the next word's comma or full stop.
const ADDRESS = /https?:\/\/[^\s<>"'`()[\]{}\u3000-\u303f\uff00-\uff60\u2018-\u201f]+/gi;
const TRAILING = /[.,;:!?]+$/;

/** True for an address that may be put into a link. */
export function isWebAddress(address) {
  try {
    return ["http:", "https:"].includes(new URL(address).protocol);
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** A link that tells the other site nothing about this page. */
export function link(address, title = address) {
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, title);
}

/** A text as a fragment of text nodes and links. */
export function withLinks(text) {
  const fragment = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, "");
    if (!isWebAddress(address)) continue;
    fragment.append(text.slice(end, match.index), link(address));
    end = match.index + address.length;
  }
  fragment.append(text.slice(end));
  return fragment;
}
