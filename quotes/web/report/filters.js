"use strict";
// The filters beside the results: facets with counts, how sure, chips of what is in use.

const SHOWN = 7;
const SHOWN_MORE = 60;
// What is typed into a facet's own search box, and whether all of its values are asked for.
const facetState = Object.fromEntries(FACET_NAMES.map((name) => [name, { find: "", more: false, list: null, more_button: null }]));

/** Lay out the facets once; their lists are filled anew at every change. */
function buildFilters() {
  const parts = FACET_NAMES.map((name) => {
    const state = facetState[name];
    const values = new Set(data.quotes.flatMap((quote) => FACETS[name].of(quote)));
    state.list = make("ul", { class: "facet-values" });
    state.more_button = make("button", { type: "button", class: "plain", on: { click: () => more(name) } });
    const finder =
      values.size > SHOWN &&
      make("input", {
        type: "search",
        "aria-label": `Find in the list: ${FACETS[name].title.toLowerCase()}`,
        placeholder: `Find one of ${values.size.toLocaleString("en")}`,
        autocomplete: "off",
        on: { input: (event) => find(name, event.target.value) },
      });
    return values.size > 0 && make("fieldset", { class: `facet facet-${name}` }, make("legend", {}, FACETS[name].title), finder, state.list, state.more_button);
  });
  parts.splice(3, 0, data.quotes.length > 0 && confidenceFields());
  byId("facets").replaceChildren(...parts.filter(Boolean));
  byId("text").addEventListener("input", later(() => {
    asked.text = byId("text").value;
    refresh({ again: "text" });
  }));
  byId("open-filters").addEventListener("click", () => {
    const open = byId("facets").classList.toggle("open");
    byId("open-filters").setAttribute("aria-expanded", String(open));
  });
}

/** Wait until typing pauses; a page of ten thousand quotes is searched in less time than that. */
function later(action) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, 120);
  };
}

function confidenceFields() {
  const slider = (key, label, clash) => {
    const output = make("output", { for: `sure-${key}` }, `${asked[key]}%`);
    const input = make("input", { type: "range", id: `sure-${key}`, min: 0, max: 100, step: 1, value: asked[key] });
    input.addEventListener("input", () => {
      asked[key] = Number(input.value);
      if (asked.low > asked.high) asked[clash] = asked[key];
      syncConfidence();
      redraw();
    });
    return make("div", { class: "slider" }, make("label", { for: `sure-${key}` }, label), output, input);
  };
  const redraw = later(() => refresh({ again: "sure" }));
  return make("fieldset", { class: "facet facet-confidence" }, make("legend", {}, "Confidence"), slider("low", "At least", "high"), slider("high", "At most", "low"));
}

function syncConfidence() {
  if (!byId("sure-low")) return; // of no quotes, none is more sure than another
  for (const key of ["low", "high"]) {
    byId(`sure-${key}`).value = asked[key];
    byId(`sure-${key}`).previousElementSibling.textContent = `${asked[key]}%`;
  }
}

function find(name, text) {
  facetState[name].find = fold(text.trim());
  fillFacet(name, shown.counts[name]);
}

function more(name) {
  facetState[name].more = !facetState[name].more;
  fillFacet(name, shown.counts[name]);
}

/** List a facet's values: chosen ones first, then by number of quotes. */
function fillFacet(name, counts) {
  const state = facetState[name];
  const chosen = asked.chosen[name];
  const entries = [...new Set([...chosen, ...counts.keys()])].map((value) => [value, counts.get(value) || 0]);
  const matching = entries
    .filter(([value]) => !state.find || chosen.has(value) || fold(FACETS[name].name(value)).includes(state.find))
    .sort((a, b) => Number(chosen.has(b[0])) - Number(chosen.has(a[0])) || b[1] - a[1]);
  const limit = Math.max(state.more ? SHOWN_MORE : SHOWN, chosen.size);
  const focused = state.list.contains(document.activeElement) ? document.activeElement.id : null;
  state.list.replaceChildren(...matching.slice(0, limit).map(([value, count]) => facetValue(name, value, count)));
  if (focused) byId(focused)?.focus();
  const left = matching.length - Math.min(limit, matching.length);
  state.more_button.hidden = matching.length <= SHOWN;
  state.more_button.textContent = state.more ? (left ? `Fewer (${left.toLocaleString("en")} more: type to find them)` : "Fewer") : `${left.toLocaleString("en")} more`;
}

function facetValue(name, value, count) {
  const id = `${name}-${value}`;
  const box = make("input", { type: "checkbox", id, on: { change: () => toggle(name, value) } });
  box.checked = asked.chosen[name].has(value);
  const speaker = name === "speaker" && value >= 0 ? data.speakers[value] : null;
  return make(
    "li",
    {},
    box,
    make("label", { for: id }, speaker && swatch(speaker), isolated(FACETS[name].name(value)), make("span", { class: "number" }, count.toLocaleString("en"))),
  );
}

/** Add a value to a facet's choice, or take it out. */
function toggle(name, value) {
  const chosen = asked.chosen[name];
  if (!chosen.delete(value)) chosen.add(value);
  refresh();
}

/** Choose one value of a facet and no other of it, as a click in a chart does. */
function only(name, value) {
  const chosen = asked.chosen[name];
  const had = chosen.size === 1 && chosen.has(value);
  chosen.clear();
  if (!had) chosen.add(value);
  refresh();
}

function clearAll() {
  Object.assign(asked, { text: "", low: 0, high: 100 });
  for (const name of FACET_NAMES) asked.chosen[name].clear();
  byId("text").value = "";
  syncConfidence();
  refresh();
  byId("text").focus();
}

/** Show each filter in use as a button that takes it away. */
function fillChips() {
  const chip = (label, action) =>
    make("li", {}, make("button", { type: "button", class: "chip", on: { click: action } }, label, make("span", { "aria-hidden": "true" }, " ×"), make("span", { class: "visually-hidden" }, ", remove")));
  const chips = FACET_NAMES.flatMap((name) =>
    [...asked.chosen[name]].map((value) => chip(isolated(FACETS[name].name(value)), () => toggle(name, value))),
  );
  if (asked.low > 0 || asked.high < 100) {
    chips.push(chip(`${asked.low} to ${asked.high}% sure`, () => {
      Object.assign(asked, { low: 0, high: 100 });
      syncConfidence();
      refresh();
    }));
  }
  const used = chips.length;
  if (isFiltered()) chips.push(make("li", {}, make("button", { type: "button", class: "plain", on: { click: clearAll } }, "Clear all")));
  byId("chips").replaceChildren(...chips);
  byId("chips").hidden = !chips.length;
  byId("open-filters").textContent = used ? `Filters (${used})` : "Filters";
}
