// A linked document asks whether its link still stands. No answer changes nothing; "not there" takes the content away,
// and "not to you" loads the page anew, which then asks for the password.
const ASK_AGAIN_MS = 30_000;
let isCounted = false;

async function askWhetherShared() {
  if (document.visibilityState !== "visible") return;
  const method = isCounted ? "GET" : "POST";
  try {
    const answer = await fetch(`${location.pathname}/status`, { method, cache: "no-store", redirect: "error" });
    isCounted = true;
    if (answer.status === 404) withdraw();
    if (answer.status === 401) askForPassword();
  } catch {
    // The network may be away for a while.
  }
}

function stopAsking() {
  clearInterval(asking);
  life.abort();
}

function askForPassword() {
  stopAsking();
  location.reload();
}

function withdraw() {
  stopAsking();
  const notice = element("main", "", { class: "withdrawn", role: "alert" });
  notice.append(element("h1", kept.words.withdrawn), element("p", kept.words.withdrawn_more));
  for (const section of sections) empty(section);
  for (const name of Object.keys(kept)) delete kept[name];
  document.title = notice.firstChild.textContent;
  document.body.replaceChildren(notice);
}

const asking = setInterval(askWhetherShared, ASK_AGAIN_MS);
document.addEventListener("visibilitychange", askWhetherShared, listening);
addEventListener("pageshow", event => { if (event.persisted) askWhetherShared(); }, listening);
askWhetherShared();
