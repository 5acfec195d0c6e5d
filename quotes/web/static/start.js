// The start page: a text goes to /extract, its quotes come back marked. All text is put in as text, never as markup.
import { asCsv } from "./csv.js";
import { offerStore } from "./stored.js";
import { Points, colours, make, segments, way } from "./text.js";

const byId = (id) => document.getElementById(id);
const EXAMPLE =
  "The harbour is open again.\n\n" +
  "“We lost a week, not a season,” Ana Moreira, the harbour master, told Reuters on Monday. “The boats were out at " +
  "dawn.”\n\n" +
  "The fishing cooperative had warned in a statement that the closure would ruin its members. Its president, Tomé " +
  "Alves, said on X that “nobody from the ministry has called”.\n\n" +
  "A ministry spokesperson said it was “looking into” compensation.";

let answer = null;
let chosen = null;

byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  find();
});
byId("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    find();
  }
});
byId("example").addEventListener("click", () => {
  byId("text").value = EXAMPLE;
  find();
});
byId("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(JSON.stringify(answer, null, 2));
  say("Copied.");
});
byId("save").addEventListener("click", () => download("quotes.json", "application/json", JSON.stringify(answer, null, 2)));
byId("save-csv").addEventListener("click", () => download("quotes.csv", "text/csv", asCsv(answer)));
byId("pick").addEventListener("click", () => byId("file").click());
byId("file").addEventListener("change", () => byId("file").files.length && take(byId("file").files[0]));
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dropping");
});
document.addEventListener("drop", (event) => {
  document.body.classList.remove("dropping");
  const [file] = event.dataTransfer?.files ?? [];
  if (!file) return;
  event.preventDefault();
  take(file);
});

function download(name, type, text) {
  const link = make("a", { download: name });
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.click();
  URL.revokeObjectURL(link.href);
}

// What the server takes, by a file's ending; any other is read as plain text.
const OFFICE = "application/vnd.openxmlformats-officedocument";
const MEDIA = {
  html: "text/html", htm: "text/html", xhtml: "text/html", md: "text/markdown", csv: "text/csv", pdf: "application/pdf",
  docx: `${OFFICE}.wordprocessingml.document`, xlsx: `${OFFICE}.spreadsheetml.sheet`, odt: "application/vnd.oasis.opendocument.text",
  rss: "application/rss+xml", atom: "application/atom+xml", eml: "message/rfc822", mbox: "application/mbox", zip: "application/zip",
};

/** Read a file that was dropped or chosen: a plain text goes into the field, any other as it is to the server. */
async function take(file) {
  byId("file").value = "";
  const media = MEDIA[file.name.split(".").at(-1).toLowerCase()];
  if (media) {
    await ask(file, media, file.name);
    return;
  }
  byId("text").value = await file.text();
  await find();
}

function say(text, bad = false) {
  byId("status").textContent = text;
  byId("status").classList.toggle("bad", bad);
}

async function find() {
  const text = byId("text").value;
  if (!text.trim()) {
    say("Paste an article first.", true);
    byId("text").focus();
    return;
  }
  await ask(JSON.stringify({ text }), "application/json");
}

/** The headers of a request: the token, where the server wants one. */
function authorised(headers = {}) {
  const token = byId("token").value.trim();
  return token ? { ...headers, Authorization: `Bearer ${token}` } : headers;
}

/** Send a text or a file, and show what comes back. */
async function ask(body, media, name = "") {
  say(name ? `Reading ${name}…` : "Reading…");
  byId("find").disabled = true;
  try {
    const response = await fetch("/extract?with_text=true", { method: "POST", headers: authorised({ "Content-Type": media }), body });
    const data = await response.json();
    if (!response.ok) {
      if (response.status === 401) {
        byId("token-field").hidden = false;
        byId("token").focus();
      }
      say(`${data.detail} (${response.status})`, true);
      return;
    }
    answer = data;
    show();
    say(data.errors.length ? data.errors.map((error) => error.detail).join("; ") : "", data.errors.length > 0);
  } catch {
    say("The server does not answer; is it still running?", true);
  } finally {
    byId("find").disabled = false;
  }
}

function show() {
  chosen = null;
  const quotes = answer.articles.reduce((sum, record) => sum + record.quotes.length, 0);
  const names = answer.articles.flatMap((record) => record.quotes.map((quote) => quote.speaker?.name ?? null));
  const colour = colours(names);
  const speakers = new Set(names.filter((name) => name !== null)).size;
  byId("results-title").textContent = quotes
    ? `${count(quotes, "quote")} by ${count(speakers, "speaker")}`
    : "No quotes in this text";
  byId("articles").replaceChildren(...answer.articles.map((record) => article(record, colour)));
  byId("detail").replaceChildren(make("p", { class: "hint" }, quotes ? "Choose a quote to see who said it, and how it came." : ""));
  byId("results").hidden = false;
  byId("results-title").focus({ preventScroll: true });
  byId("results").scrollIntoView({ block: "start" });
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function article(record, colour) {
  const { article: told, quotes } = record;
  const text = new Points(told.text);
  const layers = quotes.flatMap((quote) => quote.spans.map((span) => ({ ...span, quote })));
  const marked = new Set();
  const body = make("div", { class: "text" });
  const above = repeatsTitle(told, text) ? Array.from(told.title).length : 0;
  for (const [start, end] of paragraphs(text, told.start + above, told.end)) {
    const parts = segments(start, end, layers);
    const line = make("p", {}, ...parts.map((part) => words(record, text, part, { colour, marked })));
    const here = new Map();
    for (const part of parts) for (const { quote } of part.layers) here.set(quote.speaker?.name ?? null, quote);
    const beside = [...here].map(([name, quote]) => speakerBeside(name, () => choose(record, quote, colour), colour));
    body.append(make("div", { class: "paragraph" }, line, beside.length ? make("ul", { class: "margin", "aria-label": "Speaking here" }, ...beside) : null));
  }
  const about = [told.outlet?.name, told.byline, told.published].filter(Boolean).join(" · ");
  return make(
    "article",
    {},
    told.title ? make("h3", {}, told.title) : null,
    about ? make("p", { class: "about" }, about) : null,
    body,
  );
}

/** Whether the article's text begins with its title, which then is shown once, as the heading. */
function repeatsTitle(told, text) {
  return Boolean(told.title) && text.slice(told.start, told.start + Array.from(told.title).length) === told.title;
}

/** Where the paragraphs of a stretch begin and end: its lines that are not blank. */
function paragraphs(text, start, end) {
  const found = [];
  let low = start;
  for (let at = start; at <= end; at += 1) {
    if (at < end && !/[\n\r\u2028\u2029]/u.test(text.points[at])) continue;
    if (text.slice(low, at).trim()) found.push([low, at]);
    low = at + 1;
  }
  return found;
}

function speakerBeside(name, act, colour) {
  const button = make("button", { type: "button", class: `plain ${colour(name)}`, tabindex: -1 }, make("span", { class: "swatch", "aria-hidden": "true" }), name ?? "nobody named");
  button.addEventListener("click", act);
  return make("li", {}, button);
}

/** A stretch of the text: plain words, or a part of a quote, which can be chosen. */
function words(record, text, part, { colour, marked }) {
  const printed = text.slice(part.start, part.end);
  const layer = part.layers.at(-1);
  if (!layer) return printed;
  const { quote } = layer;
  const first = !marked.has(quote.id);
  marked.add(quote.id);
  const name = quote.speaker?.name ?? "nobody named";
  const mark = make(
    "mark",
    {
      class: `${colour(quote.speaker?.name ?? null)} ${quote.type}`,
      tabindex: first ? 0 : null,
      role: first ? "button" : null,
      "aria-label": first ? `${name}: ${quote.text}` : null,
      "data-quote": quote.id,
    },
    printed,
  );
  mark.addEventListener("click", () => choose(record, quote, colour));
  mark.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(record, quote, colour);
    }
  });
  return mark;
}

function choose(record, quote, colour) {
  chosen?.forEach((mark) => mark.classList.remove("chosen"));
  chosen = [...document.querySelectorAll("mark")].filter((mark) => mark.dataset.quote === quote.id);
  chosen.forEach((mark) => mark.classList.add("chosen"));
  const { speaker } = quote;
  const rows = [
    ["Role", speaker?.role],
    ["Credited as", speaker?.mention?.text],
    ["Handle", speaker?.handle],
    ["Cue", quote.cue?.text],
    ["How it came", quote.channels.map((channel) => way(channel, new Points(record.article.text))).join("; ")],
    ["Said on", quote.said_on],
    ["Stance", quote.stance === "said" ? null : quote.stance],
    ["Type", quote.type],
    ["Confidence", `${Math.round(quote.confidence * 100)} %`],
    ["Pattern", quote.pattern],
  ].filter(([, value]) => value);
  byId("detail").replaceChildren(
    make(
      "div",
      { class: `card ${colour(speaker?.name ?? null)}` },
      make("h3", {}, speaker?.name ?? "Nobody is credited"),
      make("blockquote", {}, quote.text),
      make("dl", {}, ...rows.flatMap(([term, value]) => [make("dt", {}, term), make("dd", {}, value)])),
    ),
  );
}

offerStore({ authorised });
