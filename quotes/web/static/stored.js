// Search and check, where the server has a store of quotes.
import { make, way } from "./text.js";

const byId = (id) => document.getElementById(id);
const VERDICTS = {
  verbatim: "Yes, word for word", punctuation: "Yes, word for word; only the punctuation differs",
  altered: "Said in other words: compare them", splice: "Pieced together from several statements", reported: "Reported, not quoted",
  "other-speaker": "Said, but by somebody else", "own-words": "In the articles' own words; nobody is quoted",
  denied: "The sources say that it was not said", hypothetical: "Only as something that might be said", "not-found": "Not in the store",
};
let authorised = () => ({});

/** Offer the forms where the server has a store. */
export async function offerStore(tools) {
  ({ authorised } = tools);
  try {
    const state = await (await fetch("/health")).json();
    byId("stored").hidden = !state.store;
  } catch {
    // No store to be had: the page reads texts all the same.
  }
}

byId("search").addEventListener("submit", async (event) => {
  event.preventDefault();
  const data = await asked("/search", { words: byId("words").value, speaker: byId("by").value, limit: 20 });
  if (data) show(data.hits, data.hits.length ? `${data.hits.length === 20 ? "The first 20" : data.hits.length} found` : "Nothing found: try fewer words.", quoteLine);
});
byId("check").addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = byId("claim").value.trim();
  if (!words) {
    say("Which words? Put them in first.", true);
    return;
  }
  const data = await asked("/check", { words, speaker: byId("claimed").value });
  if (!data) return;
  const [finding] = data.findings;
  show(finding.hits, VERDICTS[finding.verdict] ?? finding.verdict, placeLine);
});

function say(text, bad = false) {
  byId("stored-status").textContent = text;
  byId("stored-status").classList.toggle("bad", bad);
}

async function asked(path, fields) {
  const query = new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== ""));
  say("Looking…");
  try {
    const response = await fetch(`${path}?${query}`, { headers: authorised() });
    const data = await response.json();
    if (response.ok) return data;
    if (response.status === 401) {
      byId("token-field").hidden = false;
      byId("token").focus();
    }
    say(`${data.detail} (${response.status})`, true);
  } catch {
    say("The server does not answer; is it still running?", true);
  }
  byId("hits").replaceChildren();
  return null;
}

function show(hits, told, line) {
  say(told);
  byId("hits").replaceChildren(...hits.map(line));
}

/** A quote that a search has found. */
function quoteLine({ quote, article }) {
  const ways = quote.channels.map((channel) => way(channel)).join("; ");
  return lineOf([quote.text], [quote.speaker?.name ?? "nobody named", ways], article);
}

/** A place where checked words stand, with what is printed around them. */
function placeLine(hit) {
  const words = [hit.before.split("\n").at(-1), make("mark", {}, hit.text), hit.after.split("\n")[0]];
  return lineOf(words, [hit.speaker ?? "nobody named", ""], { ...hit, outlet: { name: hit.outlet } });
}

function lineOf(words, [speaker, ways], { outlet, published, title, source }) {
  const place = [outlet?.name, published?.slice(0, 10), title ?? source].filter(Boolean).join(" · ");
  return make(
    "li",
    {},
    make("blockquote", {}, ...words),
    make("p", { class: "about" }, make("strong", {}, speaker), ways ? `, ${ways}` : "", ` · ${place}`),
  );
}
