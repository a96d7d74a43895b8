/**
 * Searching the articles in the reader's own browser. Chinese is looked up by pairs of
 * characters, whichever script they are typed in; other words by how they begin, and a word that
 * begins nothing by words that are spelt nearly so.
 */

const HAN = /[\u3400-\u9fff]/;
const PIECES = /[\u3400-\u9fff]+|[\p{L}\p{N}]+/gu;
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const FULL_WIDTH_OFFSET = 0xfee0;
// A longer question says nothing that its beginning does not.
const LONGEST_QUERY = 100;
const MOST_TERMS = 24;
// Of what was looked for before, so that each further letter costs one more look only.
const MOST_REMEMBERED = 500;
// Only the best by their words are looked at line by line.
const LOOKED_AT = 60;
// What scores less than this share of the best is noise.
const WORTH_SHOWING = 0.2;
// A word that is so much commoner than the rarest one ("a", "the") says nothing.
const WORTH_WEIGHING = 0.05;
const SNIPPET = { han: 64, other: 150 };
const NEAR_ENOUGH = [[7, 2], [4, 1]];

export class SearchIndex {
  #simplified;
  #traditional;
  #articles;
  #vocabulary = null;
  #remembered = new Map();

  /** `data`: what search.json holds. */
  constructor({ fold: [from, to], articles }) {
    this.#simplified = new Map([...from].map((character, place) => [character, to[place]]));
    this.#traditional = from ? new RegExp(`[${from}]`, "g") : /(?!)/g;
    this.#articles = articles.map(([id, title, questions, body]) => {
      const asked = `${title}\n${questions}\n`;
      return { id, title, body, folded: this.fold(asked + body), asked: asked.length - 1 };
    });
  }

  /** One spelling for every way of typing the same, character for character. */
  fold(text) {
    const narrow = text.replace(FULL_WIDTH, (character) => String.fromCharCode(character.charCodeAt(0) - FULL_WIDTH_OFFSET));
    const lower = narrow.toLowerCase();
    // A few capitals become two characters, which would shift what is marked.
    const even = lower.length === text.length ? lower : narrow;
    return even.replace(this.#traditional, (character) => this.#simplified.get(character));
  }

  /** The best articles: `[{id, title, snippet}]`, texts as `[[part, isMarked], …]`. */
  find(query, most = 8) {
    const terms = this.#terms(query);
    const hits = this.#hits(terms);
    hits.sort((one, other) => other.score - one.score);
    const best = hits.slice(0, LOOKED_AT).map((hit) => this.#looked(hit, terms));
    best.sort((one, other) => other.score - one.score);
    const worth = best.filter(({ score }) => score >= best[0].score * WORTH_SHOWING);
    return worth.slice(0, most).map(({ article: { id, title, body } }) => ({
      id, title: this.#marked(title, terms), snippet: this.#snippet(body, terms),
    }));
  }

  /**
   * What is looked for: `{forms, having, weight}`, the rarer the heavier; one with several forms is
   * there if any of them is.
   */
  #terms(query) {
    const wanted = new Set();
    for (const [piece] of this.fold(query.slice(0, LONGEST_QUERY)).matchAll(PIECES)) {
      if (!HAN.test(piece) || piece.length === 1) wanted.add(piece);
      else for (let at = 0; at + 1 < piece.length; at += 1) wanted.add(piece.slice(at, at + 2));
    }
    const terms = [...wanted].slice(0, MOST_TERMS).map((text) => this.#term(text));
    const rarest = terms.reduce((most, { weight }) => Math.max(most, weight), 0);
    return terms.filter(({ forms, weight }) => HAN.test(forms[0]) || weight >= rarest * WORTH_WEIGHING);
  }

  /** A word that the shop does not write, though a shopper may have asked with it, is misspelt. */
  #forms(text) {
    if (HAN.test(text)) return [text];
    this.#vocabulary ??= new Set(this.#articles.flatMap(({ title, asked, folded }) =>
      (folded.slice(0, title.length) + folded.slice(asked)).match(/[a-z]{3,}/g) ?? []));
    const words = [...this.#vocabulary];
    if (words.some((word) => word.startsWith(text))) return [text];
    const near = spelt(text, words);
    if (near.length) return [text, ...near];
    // "deliveries" finds what "deliver" begins.
    const beginnings = Array.from({ length: Math.floor(text.length * 0.4) }, (_, cut) => text.slice(0, text.length - 1 - cut));
    const stem = beginnings.find((start) => start.length >= 4 && words.some((word) => word.startsWith(start)));
    return stem ? [text, stem] : [text];
  }

  #term(text) {
    const known = this.#remembered.get(text);
    if (known) return known;
    const forms = this.#forms(text);
    const having = this.#articles.filter(({ folded }) => isIn({ forms }, folded));
    const term = { forms, having, weight: Math.log((this.#articles.length + 1) / (having.length + 0.5)) };
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(text, term);
    return term;
  }

  /** Every article with any of the terms. */
  #hits(terms) {
    const found = new Map();
    for (const { having, weight } of terms) {
      for (const article of having) found.set(article, (found.get(article) ?? 0) + weight);
    }
    return [...found].map(([article, score]) => ({ article, score }));
  }

  /** Words that stand together in the title or in one question count once more, in short ones most. */
  #looked({ article, score }, terms) {
    const [title, ...questions] = article.folded.slice(0, article.asked).split("\n").map((line) => {
      const here = terms.filter((term) => isIn(term, line));
      const share = Math.min(1, here.reduce((sum, { forms }) => sum + forms[0].length, 0) / line.length);
      return here.reduce((sum, { weight }) => sum + weight, 0) * (0.7 + 0.6 * share);
    });
    return { article, score: score + Math.max(title, ...questions) + title / 2 };
  }

  #marked(text, terms) {
    return parts(text, ranges(this.fold(text), terms));
  }

  /** The part of a body that has most of what was asked for. */
  #snippet(body, terms) {
    const folded = this.fold(body);
    const width = HAN.test(body) ? SNIPPET.han : SNIPPET.other;
    const all = ranges(folded, terms);
    const worth = (from) => terms.reduce((sum, term) =>
      sum + (isIn(term, folded.slice(from, from + width)) ? term.weight : 0), 0);
    const starts = all.slice(0, 40).map(([from]) => from);
    const hit = starts.reduce((best, from) => (worth(from) > worth(best) ? from : best), starts[0] ?? 0);
    const from = sentenceBefore(body, hit, width / 2);
    const text = body.slice(from, from + width).replaceAll("\n", " ");
    const shown = parts(text, ranges(this.fold(text), terms));
    return [...(from > 0 ? [["… ", false]] : []), ...shown, ...(from + width < body.length ? [[" …", false]] : [])];
  }
}

/** Where a word begins in a text, or a Chinese pair stands; -1: nowhere. */
function placeOf(text, folded, from = 0) {
  let at = folded.indexOf(text, from);
  if (HAN.test(text[0])) return at;
  while (at > 0 && isWordCharacter(folded.charCodeAt(at - 1))) at = folded.indexOf(text, at + 1);
  return at;
}

/** A digit or letter of what is folded to lower case; after a Chinese character a word begins. */
function isWordCharacter(code) {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 0xdf && code <= 0x24f && code !== 0xf7);
}

function isIn({ forms }, folded) {
  return forms.some((form) => placeOf(form, folded) >= 0);
}

/** `[from, to]` of everything that was asked for, in order and without overlaps. */
function ranges(folded, terms) {
  const found = [];
  for (const form of terms.flatMap(({ forms }) => forms)) {
    for (let at = placeOf(form, folded); at >= 0; at = placeOf(form, folded, at + 1)) found.push([at, at + form.length]);
  }
  found.sort((one, other) => one[0] - other[0]);
  const merged = [];
  for (const [from, to] of found) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

function parts(text, marked) {
  const found = [];
  let end = 0;
  for (const [from, to] of marked) {
    found.push([text.slice(end, from), false], [text.slice(from, to), true]);
    end = to;
  }
  found.push([text.slice(end), false]);
  return found.filter(([part]) => part);
}

/** The beginning of the sentence around a place, if it is near; else the place itself. */
function sentenceBefore(text, place, most) {
  const before = text.slice(0, place);
  const starts = [...before.matchAll(/[。！？；\n]|[.!?;]\s/g)].map((match) => match.index + match[0].length);
  const start = starts.at(-1) ?? 0;
  return place - start <= most ? start : place;
}

/** The words nearest to a misspelt one. */
function spelt(text, words) {
  const [, most] = NEAR_ENOUGH.find(([length]) => text.length >= length) ?? [0, 0];
  const distances = words.map((word) => distanceOf(text, word, most));
  const least = distances.reduce((one, other) => Math.min(one, other), Infinity);
  return least <= most ? words.filter((_, place) => distances[place] === least) : [];
}

/** How many letters to add, drop, change or swap; more than `most` is as good as infinite. */
function distanceOf(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return Infinity;
  let [before, row] = [[], Array.from({ length: other.length + 1 }, (_, place) => place)];
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const change = row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1);
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, change);
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (swapped) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[other.length];
}
