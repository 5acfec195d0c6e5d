"use strict";
// Charts that answer an editor's questions about the quotes that answer the filters. Each has its numbers in a table.

const MOST = 12;
const SEGMENTS = 5;
const NARROW = 3; // outlets that a table of half the width can hold
const SOURCE_COLOURS = { named: "c0", organization: "c2", unnamed: "c1", unclear: "c-none" };
let drawn = [];

function showCharts(view) {
  const indices = answers();
  view.append(make("h2", { class: "visually-hidden" }, "Charts"));
  if (!indices.length) return view.append(nothing());
  const grid = make("div", { class: "charts" });
  view.append(grid);
  const people = tally(indices, (quote) => [quote.speaker ?? -1]).filter(([key]) => key >= 0);
  mostQuoted(grid, people);
  byChannel(grid, indices);
  const wide = tally(indices, (quote) => [articleOf(quote).outlet ?? -1]).length > NARROW;
  byOutlet(grid, indices, people, wide);
  namedOrNot(grid, indices, wide);
  overTime(grid, indices, people);
  draw();
  return undefined;
}

/** Draw all charts anew in the colours that hold now: the theme may have changed, or the page go to paper. */
function draw() {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  for (const chart of drawn) {
    chart.made?.destroy();
    chart.made = new Chart(chart.canvas, chart.config(ink()));
  }
}

function forgetCharts() {
  for (const chart of drawn) chart.made?.destroy();
  drawn = [];
}

/** The style sheet's colours as a canvas takes them. */
function ink() {
  const probe = make("span", {});
  document.body.append(probe);
  const colour = (name) => {
    probe.style.setProperty("color", `var(--${name})`);
    return getComputedStyle(probe).color;
  };
  const names = ["ink", "muted", "rule", "paper", "accent", "c-none", ...Array.from({ length: 12 }, (_, i) => `c${i}`)];
  const colours = Object.fromEntries(names.map((name) => [name, colour(name)]));
  probe.remove();
  return colours;
}

/** A question, a chart that answers it, and the same numbers as a table. */
function figure(grid, { title, note, rows, config, table, wide }) {
  const canvas = make("canvas", { role: "img", "aria-label": `${title} ${table.summary}` });
  const box = make("div", { class: "canvas", vars: { "--rows": rows } }, canvas);
  grid.append(
    make(
      "figure",
      { class: wide ? "chart wide" : "chart" },
      make("figcaption", {}, make("h3", {}, title), note && make("p", {}, note)),
      box,
      make("details", { class: "numbers" }, make("summary", {}, "The numbers"), numbers(title, table)),
    ),
  );
  drawn.push({ canvas, config });
}

function numbers(title, { head, body, pick }) {
  const cell = (value, row, column) => {
    if (column > 0) return make("td", {}, typeof value === "number" ? value.toLocaleString("en") : value);
    return make("th", { scope: "row" }, pick ? make("button", { type: "button", class: "plain", on: { click: () => pick(row) } }, isolated(value)) : isolated(value));
  };
  return make(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": `${title} The numbers` },
    make(
      "table",
      {},
      make("thead", {}, make("tr", {}, head.map((name) => make("th", { scope: "col" }, isolated(name))))),
      make("tbody", {}, body.map((row, index) => make("tr", {}, row.map((value, column) => cell(value, index, column))))),
    ),
  );
}

const summary = (pairs) => pairs.slice(0, 3).map(([name, count]) => `${name}: ${count}`).join(", ");
const clip = (text, length = 26) => (text.length > length ? `${text.slice(0, length - 1).trimEnd()}…` : text);

/** A label beside its bar, shorter on a phone, where it would be cut at its beginning. */
function fitting(value) {
  return clip(this.getLabelForValue(value), this.chart.width < 400 ? 20 : 26);
}

/** What all bar charts share. `stacked` ones have a legend, since their colours say something. */
function bars(colours, { labels, datasets, upright = false, stacked = false, pick }) {
  const value = { beginAtZero: true, grid: { color: colours.rule }, border: { display: false }, ticks: { color: colours.muted, precision: 0, maxTicksLimit: 6 }, stacked };
  const category = { grid: { display: false }, border: { color: colours.rule }, ticks: { color: colours.ink, autoSkip: upright, maxRotation: 0 }, stacked };
  const font = { size: 13 };
  return {
    type: "bar",
    data: { labels, datasets: datasets.map((set) => ({ maxBarThickness: 22, borderRadius: 2, categoryPercentage: 0.82, barPercentage: 0.9, ...set })) },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      indexAxis: upright ? "x" : "y",
      devicePixelRatio: Math.max(2, window.devicePixelRatio || 1),
      scales: upright ? { x: category, y: value } : { x: value, y: { ...category, ticks: { ...category.ticks, font, callback: fitting } } },
      plugins: {
        legend: { display: stacked, position: "bottom", align: "start", labels: { color: colours.ink, boxWidth: 12, boxHeight: 12, font } },
        tooltip: { mode: "index", axis: upright ? "x" : "y", intersect: false, callbacks: stacked ? {} : { label: (item) => plural(item.raw, "quote") } },
      },
      onClick: (_, elements) => elements.length && pick && pick(elements[0].index),
      onHover: (event, elements) => { event.native.target.style.cursor = elements.length && pick ? "pointer" : ""; },
    },
  };
}

function mostQuoted(grid, people) {
  const top = people.slice(0, MOST);
  const pick = (row) => only("speaker", top[row][0]);
  const pairs = top.map(([key, count]) => [data.speakers[key].name, count]);
  figure(grid, {
    title: "Who is quoted most?",
    note: people.length > MOST && `The first ${MOST} of ${plural(people.length, "speaker")}.`,
    rows: top.length,
    table: { head: ["Speaker", "Quotes"], body: pairs, pick, summary: summary(pairs) },
    config: (colours) => bars(colours, {
      labels: pairs.map(([name]) => clip(name)),
      datasets: [{ data: pairs.map(([, count]) => count), backgroundColor: top.map(([key]) => colours[colourClass(data.speakers[key])]) }],
      pick,
    }),
  });
}

/** Speakers against outlets is a table: a chart of so many small numbers would hide them. */
function byOutlet(grid, indices, people, wide) {
  const outlets = tally(indices, (quote) => [articleOf(quote).outlet ?? -1]).slice(0, 8);
  const top = people.slice(0, MOST);
  const counts = new Map();
  for (const index of indices) {
    const key = `${data.quotes[index].speaker} ${articleOf(data.quotes[index]).outlet ?? -1}`;
    counts.set(key, (counts.get(key) || 0) + 1);
  }
  const most = Math.max(1, ...counts.values());
  const cell = (count) => make("td", { class: "heat", vars: { "--heat": count / most } }, count ? count.toLocaleString("en") : make("span", { class: "none" }, "·"));
  const title = "Who is quoted by which outlet?";
  grid.append(
    make(
      "figure",
      { class: wide ? "chart wide" : "chart" },
      make("figcaption", {}, make("h3", {}, title)),
      make(
        "div",
        { class: "scroll all", tabindex: "0", role: "region", "aria-label": title },
        make(
          "table",
          { class: "heatmap" },
          make("thead", {}, make("tr", {}, make("td", {}), outlets.map(([key]) => make("th", { scope: "col" }, make("button", { type: "button", class: "plain", on: { click: () => only("outlet", key) } }, isolated(clip(FACETS.outlet.name(key), 22))))))),
          make("tbody", {}, top.map(([key]) => make("tr", {}, make("th", { scope: "row" }, make("button", { type: "button", class: "plain", on: { click: () => only("speaker", key) } }, isolated(clip(data.speakers[key].name)))), outlets.map(([outlet]) => cell(counts.get(`${key} ${outlet}`) || 0))))),
        ),
      ),
    ),
  );
}

function byChannel(grid, indices) {
  const all = tally(indices, FACETS.channel.of);
  const top = all.filter(([key]) => key >= 0).slice(0, MOST);
  const none = all.find(([key]) => key < 0)?.[1] || 0;
  const pairs = top.map(([key, count]) => [FACETS.channel.name(key), count]);
  const pick = (row) => only("channel", top[row][0]);
  const title = "Through which channels did the words come?";
  const note = `${plural(none, "quote")} of ${indices.length.toLocaleString("en")} name no channel.`;
  if (!top.length) {
    grid.append(make("figure", { class: "chart" }, make("figcaption", {}, make("h3", {}, title), make("p", {}, note))));
    return;
  }
  const hue = { to: "c0", via: "c1", on: "c3", in: "c2" };
  figure(grid, {
    title,
    note,
    rows: top.length,
    table: { head: ["Channel", "Quotes"], body: pairs, pick, summary: summary(pairs) },
    config: (colours) => bars(colours, {
      labels: pairs.map(([name]) => clip(name)),
      datasets: [{ data: pairs.map(([, count]) => count), backgroundColor: top.map(([key]) => colours[hue[data.channels[key].relation] || "c-none"]) }],
      pick,
    }),
  });
}

function namedOrNot(grid, indices, wide) {
  const outlets = tally(indices, (quote) => [articleOf(quote).outlet ?? -1]).slice(0, 10);
  const kinds = Object.keys(SOURCES);
  const counts = new Map(outlets.map(([key]) => [key, Object.fromEntries(kinds.map((kind) => [kind, 0]))]));
  const total = Object.fromEntries(kinds.map((kind) => [kind, 0]));
  for (const index of indices) {
    const { source } = speakerOf(data.quotes[index]);
    total[source] += 1;
    const row = counts.get(articleOf(data.quotes[index]).outlet ?? -1);
    if (row) row[source] += 1;
  }
  const body = outlets.map(([key]) => [FACETS.outlet.name(key), ...kinds.map((kind) => counts.get(key)[kind])]);
  const pick = (row) => only("outlet", outlets[row][0]);
  figure(grid, {
    title: "How many sources are named?",
    note: kinds.filter((kind) => total[kind]).map((kind) => `${SOURCES[kind]} ${percent(total[kind] / indices.length)}`).join(", ") + ".",
    rows: outlets.length + 2,
    wide,
    table: { head: ["Outlet", ...kinds.map((kind) => SOURCES[kind])], body, pick, summary: summary(kinds.map((kind) => [SOURCES[kind], total[kind]])) },
    config: (colours) => bars(colours, {
      labels: body.map(([name]) => clip(name)),
      datasets: kinds.map((kind, i) => ({ label: SOURCES[kind], data: body.map((row) => row[i + 1]), backgroundColor: colours[SOURCE_COLOURS[kind]] })),
      stacked: true,
      pick,
    }),
  });
}

/** The first day of the day's, week's, month's or year's period, as an ISO date. */
function period(date, unit) {
  if (unit === "year") return date.slice(0, 4);
  if (unit === "month") return date.slice(0, 7);
  if (unit === "day") return date;
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7));
  return at.toISOString().slice(0, 10);
}

/** All periods from the first to the last: a gap in the news is shown as one. */
function periods(first, last, unit) {
  const found = [];
  const at = new Date(`${first}T00:00:00Z`);
  const end = period(last, unit);
  for (let step = 0; step < 400; step += 1) {
    const name = period(at.toISOString().slice(0, 10), unit);
    if (name > end) break;
    if (found[found.length - 1] !== name) found.push(name);
    at.setUTCDate(at.getUTCDate() + { day: 1, week: 7, month: 28, year: 364 }[unit]);
  }
  if (found[found.length - 1] !== end) found.push(end);
  return found;
}

function periodName(label) {
  if (label.length === 10) return day(label);
  return label.length === 7 ? day(`${label}-01`).slice(2) : label;
}

/** What the columns of time are made of: the most quoted, where they say much of it all, else kinds of sources. */
function timeParts(indices, people) {
  const top = people.slice(0, SEGMENTS);
  if (top.reduce((sum, [, count]) => sum + count, 0) < indices.length / 4) {
    return { keys: Object.keys(SOURCES), of: (quote) => speakerOf(quote).source, name: (key) => SOURCES[key], colour: (key) => SOURCE_COLOURS[key] };
  }
  const keys = top.map(([key]) => key);
  return {
    keys: [...keys, "others"],
    of: (quote) => (keys.includes(quote.speaker) ? quote.speaker : "others"),
    name: (key) => (key === "others" ? "All others" : data.speakers[key].name),
    colour: (key) => (key === "others" ? "c-none" : colourClass(data.speakers[key])),
  };
}

function overTime(grid, indices, people) {
  const title = "When were they published?";
  const dates = indices.map((index) => dateOf(articleOf(data.quotes[index]))).filter((date) => date && !Number.isNaN(Date.parse(date))).sort();
  const undated = indices.length - dates.length;
  const note = undated ? `${plural(undated, "quote")} of ${indices.length.toLocaleString("en")} stand in articles without a date.` : null;
  if (!dates.length) {
    grid.append(make("figure", { class: "chart wide" }, make("figcaption", {}, make("h3", {}, title), make("p", {}, note))));
    return;
  }
  const days = (Date.parse(dates[dates.length - 1]) - Date.parse(dates[0])) / 864e5;
  const unit = days <= 31 ? "day" : days <= 200 ? "week" : days <= 1500 ? "month" : "year";
  const labels = periods(dates[0], dates[dates.length - 1], unit);
  const at = new Map(labels.map((label, i) => [label, i]));
  const parts = timeParts(indices, people);
  const rows = new Map(parts.keys.map((key) => [key, labels.map(() => 0)]));
  for (const index of indices) {
    const date = dateOf(articleOf(data.quotes[index]));
    if (!date || !at.has(period(date, unit))) continue;
    rows.get(parts.of(data.quotes[index]))[at.get(period(date, unit))] += 1;
  }
  const totals = labels.map((label, i) => [periodName(label), [...rows.values()].reduce((sum, row) => sum + row[i], 0)]);
  figure(grid, {
    title: `${title} By ${unit}`,
    note,
    rows: 9,
    wide: true,
    table: {
      head: [unit === "week" ? "Week from" : unit[0].toUpperCase() + unit.slice(1), ...[...rows.keys()].map(parts.name)],
      body: labels.map((label, i) => [periodName(label), ...[...rows.values()].map((row) => row[i])]),
      summary: summary([...totals].sort((a, b) => b[1] - a[1])),
    },
    config: (colours) => bars(colours, {
      labels: labels.map((label) => periodName(label)),
      datasets: [...rows].map(([key, values]) => ({ label: clip(parts.name(key), 32), data: values, maxBarThickness: 40, backgroundColor: colours[parts.colour(key)] })),
      upright: true,
      stacked: true,
    }),
  });
}
