// The quotes of an answer as CSV: a row a quote, read by a spreadsheet as text and never as a formula.
const COLUMNS = {
  title: ({ article }) => article.title,
  source: ({ article }) => article.source,
  outlet: ({ article }) => article.outlet?.name,
  published: ({ article }) => article.published,
  type: ({ quote }) => quote.type,
  stance: ({ quote }) => quote.stance,
  text: ({ quote }) => quote.text,
  speaker: ({ quote }) => quote.speaker?.name,
  kind: ({ quote }) => quote.speaker?.kind,
  role: ({ quote }) => quote.speaker?.role,
  mention: ({ quote }) => quote.speaker?.mention?.text,
  cue: ({ quote }) => quote.cue?.text,
  channels: ({ quote }) => quote.channels.map((channel) => `${channel.relation} ${channel.name}`).join("; "),
  said_on: ({ quote }) => quote.said_on,
  confidence: ({ quote }) => quote.confidence,
};

/** Return all quotes of an answer as CSV. */
export function asCsv(answer) {
  const rows = answer.articles.flatMap(({ article, quotes }) => quotes.map((quote) => ({ article, quote })));
  const lines = rows.map((row) => Object.values(COLUMNS).map((column) => cell(column(row))));
  return [Object.keys(COLUMNS), ...lines].map((line) => line.join(",")).join("\r\n") + "\r\n";
}

function cell(value) {
  const text = String(value ?? "");
  const guarded = typeof value === "string" && /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return /[",\n\r]/u.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
