// The browser half of the upload box. The page makes a ticket for each file that is announced ("asked"); the file then
// goes to the server on its own, one after the other, and when none is left the page is told ("settled").

const boxes = new WeakMap();
const UPLOADS = new URL("../../../upload/", import.meta.url);
const SIZES = [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"]];
const SAID_EVERY = 0.25;
const SAID_LINES = 10;

export default function (component) {
  const place = component.parentElement;
  if (!boxes.has(place)) boxes.set(place, new Box(place));
  const box = boxes.get(place);
  box.update(component);
  return () => { box.end(); boxes.delete(place); };
}

class Box {
  constructor(place) {
    this.rows = new Map();
    this.unsettled = false;
    this.root = element("div", "box");
    this.root.setAttribute("role", "group");
    const drop = element("div", "drop", this.root);
    const words = element("div", "words", drop);
    this.title = element("strong", "", words);
    this.hint = element("span", "hint", words);
    const choose = element("label", "choose", drop);
    this.input = element("input", "", choose);
    this.input.type = "file";
    this.input.multiple = true;
    this.choose = element("span", "", choose);
    this.notice = element("div", "told", this.root);
    this.notice.setAttribute("role", "alert");
    this.list = element("ul", "", this.root);
    this.said = element("div", "said", this.root);
    this.said.setAttribute("role", "log");
    this.input.addEventListener("change", () => { this.add([...this.input.files]); this.input.value = ""; });
    for (const name of ["dragenter", "dragover", "dragleave", "drop"])
      this.root.addEventListener(name, event => this.drag(event));
    this.leave = event => { if (this.sending) event.preventDefault(); };
    window.addEventListener("beforeunload", this.leave);
    place.append(this.root);
  }

  end() {
    window.removeEventListener("beforeunload", this.leave);
    this.sending?.request?.abort();
    this.rows.clear();
    this.root.remove();
  }

  update(component) {
    this.component = component;
    this.words = component.data.words;
    this.title.textContent = this.words.drop;
    this.hint.textContent = this.words.hint;
    this.choose.textContent = this.words.choose;
    this.input.setAttribute("aria-label", this.words.choose);
    this.root.setAttribute("aria-label", this.words.drop);
    this.take(component.data);
    this.next();
  }

  // What the server says: which files it holds, which it expects, which it will not take.
  take({ held, tickets, refused }) {
    const ids = new Set(held.map(file => file.id));
    for (const row of [...this.rows.values()]) if (row.state === "held" && !ids.has(row.id)) row.takeOut();
    for (const file of held) {
      if (this.rows.has(file.id)) this.rows.get(file.id).show("held");
      else this.rows.set(file.id, new Row(this, file.id, file.name, file.bytes, "held"));
    }
    for (const row of this.rows.values()) {
      if (row.state !== "asked") continue;
      if (row.id in refused) row.fail(refused[row.id]);
      else if (row.id in tickets) { row.ticket = tickets[row.id]; row.show("waiting"); }
    }
  }

  drag(event) {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    const leaves = event.type === "dragleave" && !this.root.contains(event.relatedTarget);
    this.root.classList.toggle("over", event.type !== "drop" && !leaves);
    if (event.type !== "drop") return;
    const entries = [...event.dataTransfer.items].map(item => item.webkitGetAsEntry?.());
    const files = [...event.dataTransfer.files];
    const folder = entries.find(entry => entry?.isDirectory);
    this.add(files.filter((_file, i) => !entries[i]?.isDirectory));
    if (folder) this.notice.textContent = fill(this.words.folder, { name: folder.name });
  }

  add(files) {
    const most = this.component.data.most_files;
    const room = most - [...this.rows.values()].filter(row => row.state !== "failed").length;
    const taken = files.slice(0, Math.max(room, 0));
    this.notice.textContent = taken.length < files.length ? fill(this.words.too_many, { n: this.number(most) }) : "";
    for (const file of taken) {
      const row = new Row(this, crypto.getRandomValues(new Uint32Array(4)).join(""), file.name, file.size, "asked");
      row.file = file;
      this.rows.set(row.id, row);
    }
    this.ask();
  }

  ask() {
    const asked = [...this.rows.values()].filter(row => row.state === "asked");
    if (asked.length)
      this.component.setTriggerValue("asked", asked.map(({ id, name, bytes }) => ({ file: id, name, bytes })));
  }

  next() {
    if (this.sending) return;
    const states = [...this.rows.values()].map(row => row.state);
    const row = [...this.rows.values()].find(each => each.state === "waiting");
    if (row) row.send();
    else if (this.unsettled && !states.includes("asked")) {
      this.unsettled = false;
      this.component.setTriggerValue("settled", true);
    }
  }

  // A log, so that what comes right after does not take the words away.
  say(text) {
    element("p", "", this.said).textContent = text;
    while (this.said.childElementCount > SAID_LINES) this.said.firstChild.remove();
  }

  number(value) { return new Intl.NumberFormat(this.component.data.locale, { maximumFractionDigits: 1 }).format(value); }

  size(bytes) {
    const [unit, sign] = SIZES.find(([least]) => bytes >= least) ?? [1, "B"];
    const value = bytes / unit;
    return `${this.number(value < 100 ? Math.round(value * 10) / 10 : Math.round(value))} ${sign}`;
  }
}

class Row {
  constructor(box, id, name, bytes, state) {
    Object.assign(this, { box, id, name, bytes });
    this.root = element("li", "", box.list);
    const title = element("div", "name", this.root);
    title.append(name, " ");
    element("span", "size", title).textContent = box.size(bytes);
    this.told = element("div", "told", this.root);
    this.buttons = element("div", "buttons", this.root);
    this.track = element("div", "track", this.root);
    this.track.setAttribute("role", "progressbar");
    this.track.setAttribute("aria-valuemin", "0");
    this.track.setAttribute("aria-valuemax", "100");
    this.track.setAttribute("aria-label", fill(box.words.progress, { name }));
    this.bar = element("div", "bar", this.track);
    this.show(state);
  }

  show(state, told) {
    const words = this.box.words;
    const stopped = state === "held" || state === "done" || state === "failed";
    this.state = state;
    this.root.className = state;
    this.told.textContent = told ?? (stopped ? words.done : words.waiting);
    if (state === "failed") this.told.setAttribute("role", "alert");
    else this.told.removeAttribute("role");
    this.track.hidden = stopped;
    const hadFocus = this.buttons.contains(this.root.getRootNode().activeElement);
    const shown = state === "held" || state === "failed" ? ["remove"] : state === "done" ? [] : ["cancel"];
    if (state === "failed" && this.file) shown.unshift("retry");
    if (shown.join() !== this.shown) {
      this.shown = shown.join();
      this.buttons.replaceChildren(...shown.map(name => this.button(name)));
      if (hadFocus) (this.buttons.firstChild ?? this.box.input).focus();
    }
  }

  button(name) {
    const button = element("button");
    button.type = "button";
    button.textContent = this.box.words[name];
    button.setAttribute("aria-label", fill(this.box.words[`${name}_file`], this));
    button.addEventListener("click", () => this[name]());
    return button;
  }

  send() {
    const box = this.box;
    const request = this.request = new XMLHttpRequest();
    box.sending = this;
    box.unsettled = true;
    this.said = 0;
    this.show("sending");
    this.progress(0);
    box.say(fill(box.words.said_start, this));
    request.upload.addEventListener("progress", event => this.progress(event.loaded));
    request.addEventListener("load", () => this.answered(request));
    request.addEventListener("error", () => this.fail(box.words.lost));
    request.addEventListener("loadend", () => { box.sending = undefined; box.next(); });
    request.open("PUT", new URL(this.ticket, UPLOADS));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(this.file);
  }

  progress(done) {
    const share = this.bytes ? Math.min(done / this.bytes, 1) : 1;
    const words = this.box.words;
    const told = fill(words.sending, { done: this.box.size(done), all: this.box.size(this.bytes) });
    this.bar.style.width = `${share * 100}%`;
    this.track.setAttribute("aria-valuenow", Math.floor(share * 100));
    this.track.setAttribute("aria-valuetext", told);
    this.told.textContent = share < 1 ? told : words.checking;
    if (share - this.said < SAID_EVERY || share === 1) return;
    this.said = share;
    this.box.say(fill(words.said_share, { name: this.name, share: `${Math.floor(share * 100)} %` }));
  }

  answered(request) {
    if (request.status === 200) {
      this.show("done");
      this.box.say(fill(this.box.words.said_done, this));
      return;
    }
    let told;
    try { told = JSON.parse(request.responseText).told; } catch { told = undefined; }
    this.fail(told || this.box.words.lost);
  }

  fail(told) { this.show("failed", told); }

  retry() {
    this.takeOut();
    this.box.add([this.file]);
  }

  cancel() {
    this.box.say(fill(this.box.words.said_cancelled, this));
    this.takeOut();
    this.box.unsettled = true;
    this.request?.abort();
    this.box.next();
  }

  remove() {
    this.box.say(fill(this.box.words.said_removed, this));
    if (this.state === "held") this.box.component.setTriggerValue("removed", this.id);
    this.takeOut();
  }

  takeOut() {
    const hadFocus = this.root.contains(this.root.getRootNode().activeElement);
    this.box.rows.delete(this.id);
    this.root.remove();
    if (hadFocus) this.box.input.focus();
  }
}

function element(tag, className = "", parent = undefined) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  parent?.append(made);
  return made;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
