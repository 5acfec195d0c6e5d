"use strict";
// The audit: shares with their intervals, drawn as plain elements so that they print and scale; each with its CSV.

const GROUP_COLOURS = ["c0", "c1"];
const share = (value) => `${(100 * value).toFixed(value > 0 && value < 0.0995 ? 1 : 0)} %`;
const range = (part) => `${Math.round(100 * part.low)} to ${Math.round(100 * part.high)} %`;
const whole = (number) => number.toLocaleString("en");
const points = (value) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(100 * value).toFixed(Math.abs(value) < 0.005 && value ? 1 : 0)}`;

/** The report's view of it: of all its quotes, whatever the filters. */
function showAudit(view) {
  view.append(make("h2", { class: "visually-hidden" }, "Audit"));
  if (!data.audit) {
    view.append(make("p", { class: "note" }, "The audit needs the extra “compare”: .venv/bin/pip install '.[compare]'"));
    return;
  }
  view.append(make("p", { class: "aside" }, "Of all quotes of this page, whatever the filters. `quotes audit` compares two outlets or periods."));
  renderAudit(view, data.audit);
}

function renderAudit(view, audit) {
  const grid = make("div", { class: "charts audit" });
  view.append(auditIntro(audit), grid);
  for (const chart of audit.charts) if (chart.rows.length) grid.append(auditChart(chart, audit.groups));
  grid.append(auditConcentration(audit.concentration));
  for (const table of audit.breakdowns) grid.append(auditBreakdown(table));
}

function auditIntro(audit) {
  const lines = audit.groups.map((group, at) => {
    const days = group.first ? `, ${group.first} to ${group.last}` : "";
    return make("li", {}, audit.groups.length > 1 && make("span", { class: `swatch ${GROUP_COLOURS[at]}`, "aria-hidden": "true" }), make("strong", {}, isolated(group.name)), `: ${whole(group.quotes)} quotes, ${whole(group.words)} words, ${whole(group.sources)} sources in ${whole(group.articles)} articles${days}`);
  });
  const note = audit.groups.length > 1 ? " A difference is marked ◆ where chance alone would seldom make it, all rows of the chart counted in." : "";
  return make("div", { class: "audit-intro" }, make("ul", {}, lines), make("p", { class: "aside" }, `The line on a bar is where the true share lies in 95 of 100 such samples, counting that quotes of one article go together.${note}`));
}

function auditFigure(title, note, csv, ...content) {
  return make(
    "figure",
    { class: "chart wide" },
    make("figcaption", {}, make("h3", {}, title), note && make("p", {}, note)),
    content,
    make("p", { class: "audit-tools" }, make("button", { type: "button", class: "plain", on: { click: () => saveCsv(csv.name, csv.rows()) } }, "Save as CSV")),
  );
}

function auditChart(chart, groups) {
  const two = groups.length === 2;
  const rows = chart.rows.map((row) =>
    make(
      "li",
      { class: "audit-row" },
      make("span", { class: "audit-label" }, row.label),
      make("div", { class: "audit-bars" }, row.parts.map((part, at) => auditBar(part, two ? groups[at].name : null, GROUP_COLOURS[two ? at : 0]))),
      row.gap && make("span", { class: row.gap.stands_out ? "audit-gap stands" : "audit-gap" }, row.gap.stands_out && "◆ ", `${points(row.gap.value)} points (${points(row.gap.low)} to ${points(row.gap.high)})`),
    ),
  );
  const table = () => [
    ["part", ...groups.flatMap((g) => ["quotes", "of", "share", "low", "high", "words", "share of words", "small"].map((what) => `${g.name}: ${what}`)), ...(two ? ["difference", "low", "high", "stands out"] : [])],
    ...chart.rows.map((row) => [row.label, ...row.parts.flatMap((p) => [p.count, p.base, p.share, p.low, p.high, p.words, p.word_share, p.small]), ...(row.gap ? [row.gap.value, row.gap.low, row.gap.high, row.gap.stands_out] : [])]),
  ];
  return auditFigure(chart.title, chart.note, { name: chart.id, rows: table }, make("ul", { class: "audit-rows" }, rows));
}

function auditBar(part, name, colour) {
  const told = `${share(part.share)} of quotes (${range(part)}), ${share(part.word_share)} of words`;
  return make(
    "div",
    { class: part.small ? "audit-part small" : "audit-part" },
    make("span", { class: `audit-bar ${colour}`, "aria-hidden": "true", vars: { "--share": part.share, "--low": part.low, "--high": part.high } }),
    make("span", { class: "audit-value" }, name && make("span", { class: "visually-hidden" }, `${name}: `), make("strong", {}, share(part.share)), make("span", { class: "audit-range" }, ` ${range(part)}`)),
    make("span", { class: "audit-words" }, `${whole(part.count)} of ${whole(part.base)}; ${share(part.word_share)} of words`, part.small && make("em", {}, " few"), make("span", { class: "visually-hidden" }, ` ${told}`)),
  );
}

function auditConcentration(found) {
  const blocks = found.map((one, at) => {
    const most = Math.max(1, ...one.top.map(([, words]) => words));
    return make(
      "div",
      { class: "audit-half" },
      found.length > 1 && make("h4", {}, isolated(one.group)),
      make("p", {}, make("strong", { class: "audit-number" }, whole(one.half)), ` of ${whole(one.sources)} named sources make half of the words. The ten with most make ${share(one.ten)}; ${share(one.once)} of sources are quoted in one article only.`),
      make("ol", { class: "audit-top" }, one.top.map(([name, words]) => make("li", {}, isolated(name), make("span", { class: `audit-bar thin ${GROUP_COLOURS[at]}`, "aria-hidden": "true", vars: { "--share": words / most, "--low": 0, "--high": 0 } }), make("span", { class: "number" }, `${whole(words)} words`)))),
    );
  });
  const rows = () => [
    ["group", "named sources", "make half of the words", "share of ten", "quoted in one article", ...Array.from({ length: 10 }, (_, n) => `words of the first ${n + 1}0 %`)],
    ...found.map((one) => [one.group, one.sources, one.half, one.ten, one.once, ...one.curve]),
  ];
  return auditFigure("How many sources make half of the words?", "Named people, organizations and documents.", { name: "concentration", rows }, make("div", { class: "audit-halves" }, blocks));
}

function auditBreakdown(table) {
  const cell = (part) =>
    make("td", { class: part.small ? "small" : null }, part.base ? [make("strong", {}, share(part.share)), make("span", { class: "audit-range" }, range(part))] : "–");
  const body = table.lines.map((line) => make("tr", {}, make("th", { scope: "row" }, isolated(line.name)), [line.articles, line.quotes, line.words, line.sources].map((n) => make("td", {}, whole(n))), line.cells.map(cell)));
  const head = ["", "Articles", "Quotes", "Words", "Sources", ...table.columns].map((name) => make("th", { scope: "col" }, name));
  const rows = () => [
    [table.id, "articles", "quotes", "words", "sources", ...table.columns.flatMap((c) => ["quotes", "of", "share", "low", "high", "small"].map((what) => `${c}: ${what}`))],
    ...table.lines.map((l) => [l.name, l.articles, l.quotes, l.words, l.sources, ...l.cells.flatMap((c) => [c.count, c.base, c.share, c.low, c.high, c.small])]),
  ];
  const region = make("div", { class: "scroll audit-scroll", tabindex: "0", role: "region", "aria-label": table.title }, make("table", {}, make("thead", {}, make("tr", {}, head)), make("tbody", {}, body)));
  return auditFigure(table.title, table.note, { name: table.id, rows }, region);
}

/** A cell that no spreadsheet takes for a formula. */
function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const plain = /^[\s\u0000-\u001f\u00ad\u200b-\u200f\ufeff]*[=+\-@＝＋－＠]|^['\t\r\n]/.test(value) ? `'${value}` : value;
  return `"${plain.replaceAll('"', '""')}"`;
}

function saveCsv(name, rows) {
  const text = rows.map((row) => row.map(csvCell).join(",")).join("\n");
  const link = make("a", { href: URL.createObjectURL(new Blob([`${text}\n`], { type: "text/csv" })), download: `${name}.csv` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
