// Tables are made from the rows that the document carries; every text in them stays text.
const FIRST_ROWS = 12;

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}

function fillTable(holder, place) {
  const name = holder.dataset.table;
  const heading = kept.tables[name];
  const rows = kept.views[place].tables[name] || [];
  const scrolls = element("div", "", { class: "scroll", tabindex: "0", role: "region", "aria-label": heading.caption });
  const table = element("table");
  const body = element("tbody");
  table.append(element("caption", heading.caption, { class: "j-hidden" }), headOf(heading, body, rows), body);
  scrolls.append(table);
  holder.replaceChildren(scrolls);
  fillBody(body, heading, rows);
  if (rows.length > FIRST_ROWS) holder.append(moreOf(body, rows));
}

function headOf(heading, body, rows) {
  const head = element("thead");
  const line = element("tr");
  for (const [place, column] of heading.columns.entries()) {
    const cell = element("th", "", { scope: "col", class: column.kind === "text" ? "" : "number" });
    const button = element("button", column.label, { type: "button" });
    if (column.hint) button.title = column.hint;
    button.addEventListener("click", () => {
      const isUp = cell.getAttribute("aria-sort") === (column.kind === "text" ? "ascending" : "descending");
      const order = (column.kind === "text") === isUp ? "descending" : "ascending";
      for (const other of line.children) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", order);
      fillBody(body, heading, sorted(rows, place, order === "ascending" ? 1 : -1));
    });
    cell.append(button);
    line.append(cell);
  }
  head.append(line);
  return head;
}

// What is missing has no place in an order and stands last.
function sorted(rows, place, direction) {
  const valueOf = row => (Array.isArray(row[place]) ? row[place][0] : row[place]);
  return [...rows].sort((one, other) => {
    const [a, b] = [valueOf(one), valueOf(other)];
    if (a === null || b === null) return (a === null) - (b === null);
    return direction * (typeof a === "number" ? a - b : a.localeCompare(b));
  });
}

function fillBody(body, heading, rows) {
  body.replaceChildren(...rows.map(row => {
    const line = element("tr");
    for (const [place, cell] of row.entries()) {
      if (place === 0 && !Array.isArray(cell)) line.append(element("th", cell, { scope: "row" }));
      else if (Array.isArray(cell)) line.append(element("td", cell[1], { class: "number" }));
      else line.append(element("td", cell));
    }
    return line;
  }));
}

function moreOf(body, rows) {
  body.classList.add("short");
  const button = element("button", kept.words.all.replace("{n}", String(rows.length)), { type: "button", class: "more" });
  button.addEventListener("click", () => { body.classList.remove("short"); button.remove(); });
  return button;
}
