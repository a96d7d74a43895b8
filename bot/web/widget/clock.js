/** Times as the reader writes them. */

const LOCALES = { "zh-Hans": "zh-Hans-CN", "zh-Hant": "zh-Hant-TW", en: "en-GB" };

function format(language, options) {
  return new Intl.DateTimeFormat(LOCALES[language] ?? language, options);
}

/** A Date from what the server sent (ISO text or seconds), or null where there is none. */
export function moment(value) {
  if (value === null || value === undefined || value === "") return null;
  const date = new Date(typeof value === "number" ? value * 1000 : value);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** The time of day, 24 hours, where the reader is or in a time zone (IANA). */
export function timeOfDay(date, language, timeZone) {
  const hours = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone };
  return format(language, hours).format(date);
}

/** Month, day and time, where the reader is or in a time zone (IANA). */
export function dayAndTime(date, language, timeZone) {
  const day = format(language, { month: "short", day: "numeric", timeZone }).format(date);
  return `${day} ${timeOfDay(date, language, timeZone)}`;
}

/** A date without a time, for "updated on". Text that is no date is given back as it is. */
export function dateOnly(value, language) {
  const date = moment(value);
  if (!date) return String(value ?? "");
  // Such a date is read as midnight in UTC; further west that is still the day before.
  const day = { year: "numeric", month: "short", day: "numeric", timeZone: "UTC" };
  return format(language, day).format(date);
}

/** The heading of a day in the log: today and yesterday by name. */
export function dayName(date, language, texts, now = new Date()) {
  const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
  if (days === 0) return texts.today;
  if (days === 1) return texts.yesterday;
  return format(language, { month: "long", day: "numeric", weekday: "short" }).format(date);
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
