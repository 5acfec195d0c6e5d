// The start page: a text goes to /extract, its quotes come back marked. All text is put in as text, never as markup.
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
byId("save").addEventListener("click", () => {
  const link = make("a", { download: "quotes.json" });
  link.href = URL.createObjectURL(new Blob([JSON.stringify(answer, null, 2)], { type: "application/json" }));
  link.click();
  URL.revokeObjectURL(link.href);
});

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
  const headers = { "Content-Type": "application/json" };
  const token = byId("token").value.trim();
  if (token) headers.Authorization = `Bearer ${token}`;
  say("Reading…");
  byId("find").disabled = true;
  try {
    const response = await fetch("/extract?with_text=true", { method: "POST", headers, body: JSON.stringify({ text }) });
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
    say("");
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
  const body = make("div", { class: "text" });
  const marked = new Set();
  for (const part of segments(told.start, told.end, layers)) {
    const words = text.slice(part.start, part.end);
    const layer = part.layers.at(-1);
    if (!layer) {
      body.append(words);
      continue;
    }
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
      words,
    );
    mark.addEventListener("click", () => choose(record, quote, colour));
    mark.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        choose(record, quote, colour);
      }
    });
    body.append(mark);
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
    ["How it came", quote.channels.map(way).join("; ")],
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
