// The document shows one page of one view at a time; on paper all pages of the view, light.
const kept = JSON.parse(document.getElementById("kept").textContent);
const sections = [...document.querySelectorAll("section.page")];
const list = document.querySelector("nav ul");
const links = [...document.querySelectorAll("nav a")];
const chooser = document.getElementById("view");
const themeSwitch = document.getElementById("theme");
const systemDark = matchMedia("(prefers-color-scheme: dark)");
// The width of A4 between its margins, and no figure higher than half a page.
const PAPER = { width: 690, height: 450 };
// As in the style sheet: from here on a screen hangs on a wall.
const WALL = matchMedia("(min-width: 1900px)");
const WALL_SCALE = 1.3;
// As in the style sheet: up to here wide figures are scrolled, and of a legend in one line the rest would not be seen.
const PHONE = matchMedia("(max-width: 640px)");
const LEGEND_LINE = 20;
// What the document listens to ends with it, when its link is withdrawn.
const life = new AbortController();
const listening = { signal: life.signal };
let theme = systemDark.matches ? "dark" : "light";
let isThemeChosen = false;
let viewPlace = 0;
let pageName = sections[0].dataset.page;
let canDraw = false;

// --- Figures: the light one of everybody is kept whole, others as what is different ------------------------------

function changed(figure, changes) {
  for (const [path, value] of changes) {
    const own = structuredClone(value);
    if (path.length === 0) { figure = own; continue; }
    let part = figure;
    for (const name of path.slice(0, -1)) part = part[name];
    part[path.at(-1)] = own;
  }
  return figure;
}

function figureOf(name, place, colours) {
  const own = kept.views[place].figures[name];
  const whole = kept.views[0].figures[name];
  let figure = own === whole ? null : changed(null, whole ? whole.light : []);
  figure = changed(figure, own.light);
  return colours === "dark" ? changed(figure, own.dark) : figure;
}

function enlarge(part) {
  for (const [name, value] of Object.entries(part)) {
    if (value === null || typeof value !== "object") continue;
    if (/font$/.test(name) && value.size) value.size *= WALL_SCALE;
    enlarge(value);
  }
}

function stackLegend(figure) {
  if (!figure.layout.showlegend) return;
  figure.layout.legend.orientation = "v";
  figure.layout.height += LEGEND_LINE * figure.data.filter(trace => trace.showlegend !== false).length;
}

function draw(section, colours, paper) {
  if (typeof Plotly === "undefined") return;
  const place = Number(section.dataset.view);
  for (const holder of section.querySelectorAll("[data-figure]")) {
    const figure = figureOf(holder.dataset.figure, place, colours);
    if (paper) {
      figure.layout.width = paper.width;
      figure.layout.height = Math.min(figure.layout.height, paper.height);
    }
    else if (WALL.matches) {
      enlarge(figure);
      figure.layout.height *= WALL_SCALE;
    }
    else if (PHONE.matches && holder.closest(".wide")) stackLegend(figure);
    if (!holder.classList.contains("js-plotly-plot")) holder.replaceChildren();
    Plotly.react(holder, figure.data, figure.layout, { displayModeBar: false, responsive: true });
  }
}

// --- Pages -------------------------------------------------------------------------------------------------------

function empty(section) {
  for (const holder of section.querySelectorAll(".js-plotly-plot")) Plotly.purge(holder);
  section.querySelector(".shown").replaceChildren();
  delete section.dataset.view;
}

function fill(section) {
  const own = document.getElementById(`${section.dataset.page}-${viewPlace}`);
  const template = own || document.getElementById(`${section.dataset.page}-0`);
  const place = own ? viewPlace : 0;
  if (section.dataset.view === String(place)) return;
  empty(section);
  section.dataset.view = place;
  section.querySelector(".shown").append(template.content.cloneNode(true));
  for (const holder of section.querySelectorAll("[data-table]")) fillTable(holder, place);
  for (const link of section.querySelectorAll('.shown a[href^="#"]')) lead(link);
  const note = section.querySelector(".whole-only");
  if (note) note.hidden = viewPlace === 0;
}

function show() {
  for (const section of sections) {
    const isShown = section.dataset.page === pageName;
    section.hidden = !isShown;
    if (isShown) fill(section); else empty(section);
  }
  for (const link of links) {
    const page = lead(link);
    if (page === pageName) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
    // On a phone the list of pages is wider than the screen.
    if (page === pageName) list.scrollLeft = link.offsetLeft - list.offsetLeft - 40;
  }
  const section = sections.find(each => each.dataset.page === pageName);
  document.title = `${section.getAttribute("aria-label")} · ${kept.title}`;
  tellView();
  if (canDraw) draw(section, theme);
}

function address(page) {
  return viewPlace ? `#${page}/${viewPlace}` : `#${page}`;
}

// A way to another page keeps the view.
function lead(link) {
  const page = link.getAttribute("href").slice(1).split("/")[0];
  link.setAttribute("href", address(page));
  return page;
}

function tellView() {
  const view = kept.views[viewPlace];
  const said = document.getElementById("chosen");
  const words = viewPlace ? kept.words.shows.replace("{cut}", () => view.cut).replace("{view}", () => view.label) : "";
  if (said.textContent !== words) said.textContent = words;
  if (chooser) chooser.value = String(viewPlace);
}

// Addresses: #funnels, and #funnels/3 for the fourth view.
function follow() {
  const [page, place] = location.hash.slice(1).split("/");
  if (!sections.some(section => section.dataset.page === page)) return false;
  const wanted = /^\d{1,3}$/.test(place || "") ? Number(place) : 0;
  pageName = page;
  viewPlace = wanted < kept.views.length ? wanted : 0;
  show();
  return true;
}

function openPage() {
  const before = pageName;
  if (!follow() || pageName === before) return;
  scrollTo(0, 0);
  document.querySelector(".page:not([hidden]) h1").focus({ preventScroll: true });
}

function chooseView() {
  viewPlace = Number(chooser.value);
  history.replaceState(null, "", address(pageName));
  show();
}

// --- Light and dark ----------------------------------------------------------------------------------------------

function paint() {
  document.documentElement.dataset.theme = theme;
  themeSwitch.setAttribute("aria-pressed", String(theme === "dark"));
  for (const section of sections) if (!section.hidden && canDraw) draw(section, theme);
}

function switchTheme() {
  isThemeChosen = true;
  theme = theme === "dark" ? "light" : "dark";
  paint();
}

systemDark.addEventListener("change", () => {
  if (isThemeChosen) return;
  theme = systemDark.matches ? "dark" : "light";
  paint();
}, listening);

WALL.addEventListener("change", paint, listening);
PHONE.addEventListener("change", paint, listening);

// --- Paper -------------------------------------------------------------------------------------------------------

let folded = [];

addEventListener("beforeprint", () => {
  document.documentElement.dataset.theme = "light";
  folded = [...document.querySelectorAll("details.counted:not([open])")];
  for (const fold of folded) fold.open = true;
  for (const section of sections) {
    section.hidden = false;
    fill(section);
    draw(section, "light", PAPER);
  }
}, listening);

addEventListener("afterprint", () => {
  for (const fold of folded) fold.open = false;
  for (const section of sections) empty(section);
  show();
  paint();
}, listening);

// --- Beginning ---------------------------------------------------------------------------------------------------

document.querySelector(".skip").addEventListener("click", event => {
  event.preventDefault();
  document.getElementById("content").focus();
});
if (chooser) chooser.addEventListener("change", chooseView);
themeSwitch.addEventListener("click", switchTheme);
document.getElementById("print").addEventListener("click", () => print());
addEventListener("hashchange", openPage, listening);
// The library comes after what it has to draw; a document whose library is missing shows its words.
addEventListener("DOMContentLoaded", () => { canDraw = true; paint(); }, listening);
paint();
if (!follow()) show();
