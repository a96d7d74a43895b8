/** Which of our languages a reader gets. */

export const LANGUAGES = ["zh-Hans", "zh-Hant", "en"];

// Regions that write traditional characters unless the tag says otherwise.
const TAGS = [
  [/^zh-hans\b/i, "zh-Hans"],
  [/^zh-(hant|tw|hk|mo)\b/i, "zh-Hant"],
  [/^(zh|yue|wuu)\b/i, "zh-Hans"],
  [/^en\b/i, "en"],
];

/** Our language for one tag, or null. */
export function languageOf(tag) {
  return TAGS.find(([pattern]) => pattern.test(tag ?? ""))?.[1] ?? null;
}

/** The first of the reader's languages that we have; English when there is none. */
export function chooseLanguage(tags = navigator.languages) {
  for (const tag of tags) {
    const language = languageOf(tag);
    if (language) return language;
  }
  return "en";
}

/** A text with its {places} filled in. */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
