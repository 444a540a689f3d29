// The door through a bad connection: presses are kept in this browser until the server has answered, and sent again
// under the same key, so that they count once. Without this file every button posts its form.
const STORE = "programme-door";
const FIRST_WAIT = 1000, LONGEST_WAIT = 60000, PATIENCE = 10000, COUNTING = 5000;
const box = document.getElementById("waiting");
const list = document.querySelector("[data-waiting-list]");
const why = document.querySelector("[data-waiting-why]");
const signIn = document.querySelector("[data-sign-in]");
const status = document.querySelector("[data-said]");

const kept = () => {
  try {
    const found = JSON.parse(localStorage.getItem(STORE) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch { return []; }
};
const keep = (presses) => localStorage.setItem(STORE, JSON.stringify(presses));
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
const patience = () => AbortSignal.timeout?.(PATIENCE);
const say = (words) => { if (status) status.textContent = words; };

// What waits, said plainly; what the server refused stays until it has been read.
const refusals = [];
const NO_CONNECTION = why?.textContent ?? "";
const SIGNED_OUT = "You are signed out. Sign in again in this browser, and what is kept here is sent.";
let isSignedOut = false;
const line = (text, forget) => {
  const item = document.createElement("li");
  item.append(text);
  if (forget) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = "Read";
    button.addEventListener("click", () => { refusals.splice(refusals.indexOf(text), 1); draw(); });
    item.append(" ", button);
  }
  return item;
};
const allWait = () => keep(kept().map((press) => ({ ...press, waits: true })));
const draw = () => {
  if (!box) return;
  const presses = kept().filter((press) => press.waits);
  box.hidden = presses.length === 0 && refusals.length === 0;
  box.querySelector("h2").textContent = presses.length
    ? `${presses.length} not sent yet` : "Not taken in";
  why.hidden = presses.length === 0;
  why.textContent = isSignedOut ? SIGNED_OUT : NO_CONNECTION;
  signIn.hidden = !isSignedOut;
  signIn.href = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
  box.querySelector("[data-try]").hidden = presses.length === 0;
  list.replaceChildren(
    ...presses.map((press) => line(`${press.name}: ${press.word.toLowerCase()}`)),
    ...refusals.map((words) => line(words, true)),
  );
  for (const chair of document.querySelectorAll("[data-chair]")) {
    const own = presses.filter((press) => press.chair === chair.id);
    chair.classList.toggle("is-waiting", own.length > 0);
    for (const state of chair.querySelectorAll("[data-state]")) {
      // a press that names nobody of a group is about all of them
      const waits = own.some((press) => !press.who?.length || press.who.includes(state.dataset.state));
      if (waits && state.dataset.before === undefined) { state.dataset.before = state.textContent; state.textContent = "Not sent yet"; }
      if (!waits && state.dataset.before !== undefined) { state.textContent = state.dataset.before; delete state.dataset.before; }
    }
  }
};

// A helper is told no name that the list does not show; whose button was pressed this page knows by itself.
const named = (press, words) => (words.includes(press.name) ? words : `${press.name}: ${words}`);
const TROUBLE = "the server had trouble with this one";
// One press to the server. Answers: the press counted, it was refused for good, or it has to wait.
const send = async (press) => {
  const body = new URLSearchParams(press.fields);
  body.set("key", press.key);
  body.set("ago", String(Math.min(86400, Math.max(0, Math.round((Date.now() - press.at) / 1000)))));
  const answer = await fetch(press.address, {
    method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual",
    signal: patience(),
  });
  isSignedOut = answer.type === "opaqueredirect" || answer.status === 401;
  if (answer.status >= 500) throw new Error(TROUBLE);
  if (isSignedOut || answer.status === 408 || answer.status === 429) throw new Error("later");
  const isOurs = answer.headers.get("Content-Type")?.startsWith("application/json");
  if (!isOurs && answer.ok) throw new Error("not ours");
  return { ok: answer.ok, ...(isOurs ? await answer.json() : { said: `${press.name}: you may not do this here any more.` }) };
};
const show = (press, answer) => {
  say(answer.said);
  const chair = answer.seat && document.getElementById(`chair-${answer.seat}`);
  if (chair && answer.row) {
    const had = chair.contains(document.activeElement);
    const whose = document.activeElement?.closest("[data-person]")?.dataset.person;
    const fresh = new DOMParser().parseFromString(`<ul>${answer.row}</ul>`, "text/html").querySelector("li");
    chair.replaceWith(fresh);
    if (had) (fresh.querySelector(`[data-person="${whose}"] button`) ?? fresh.querySelector("button"))?.focus();
  }
  if (press.then && document.querySelector(`form[action="${press.address}"]`)) location.assign(press.then);
};

let wait = FIRST_WAIT, timer = 0, isSending = false;
const later = () => {
  clearTimeout(timer);
  timer = setTimeout(flush, wait * (0.75 + Math.random() / 2));
  wait = Math.min(LONGEST_WAIT, wait * 2);
};
// One that the server has trouble with does not stop the others, but for those of the same chair.
const sendAll = async () => {
  const tried = new Set(), stuck = new Set();
  const next = () => kept().find((press) => !tried.has(press.key) && !(press.chair && stuck.has(press.chair)));
  for (let press = next(); press; press = next()) {
    tried.add(press.key);
    let answer;
    try { answer = await send(press); } catch (trouble) {
      allWait();
      draw();
      stuck.add(press.chair);
      if (trouble.message === TROUBLE) continue;
      break;
    }
    keep(kept().filter((other) => other.key !== press.key));
    wait = FIRST_WAIT;
    if (!answer.ok) refusals.push(named(press, answer.said));
    draw();
    if (!answer.ok) { say(refusals.at(-1)); continue; }
    // of a group whose code was read just now, its page asks who has come; later, nobody is led away from what they do
    if (answer.goto && press.waits) { refusals.push(answer.said); draw(); } else if (answer.goto) location.assign(answer.goto);
    show(press, answer);
  }
  if (kept().length) later(); else count();
};
// One tab at a time: what another one is sending is not sent here too.
const flush = async () => {
  if (isSending) return;
  isSending = true;
  try {
    if (navigator.locks) await navigator.locks.request(STORE, { ifAvailable: true }, (lock) => (lock ? sendAll() : later()));
    else await sendAll();
  } finally { isSending = false; draw(); }
};
const now = () => { wait = FIRST_WAIT; clearTimeout(timer); flush(); };

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-press]")) return;
  const data = new FormData(form), fields = [...data], who = data.getAll("who");
  const name = form.dataset.press || (data.get("name") ?? "").trim();
  if (!name || (data.has("code") && !data.get("code").trim()) || (who.length && !who.some(Boolean))) return;
  try {
    const then = form.dataset.then === "reload" ? location.href : form.dataset.then;
    const press = {
      key: newKey(), at: Date.now(), address: form.getAttribute("action"), fields, name, who, word: form.dataset.word,
      chair: form.closest("[data-chair]")?.id ?? "", then: then ?? "",
    };
    keep([...kept(), press]);
  } catch { return; }
  event.preventDefault();
  if (data.has("code")) form.reset();
  draw();
  now();
});
document.querySelector("[data-try]")?.addEventListener("click", now);
addEventListener("online", now);
addEventListener("storage", draw);
addEventListener("pagehide", () => clearTimeout(timer));

// How many are here, asked again every few seconds while somebody looks.
const counts = document.querySelector("[data-counts]");
const count = async () => {
  if (!counts || document.visibilityState !== "visible") return;
  try {
    const answer = await fetch(counts.dataset.counts, { headers: { Accept: "application/json" }, redirect: "manual", signal: patience() });
    if (!answer.ok) return;
    for (const [key, number] of Object.entries(await answer.json())) {
      const place = counts.querySelector(`[data-count="${key}"]`);
      if (place && place.textContent !== String(number)) place.textContent = number;
    }
  } catch { /* the next turn asks again */ }
};
if (counts) setInterval(count, COUNTING);

// The camera within the page, only where the browser itself reads codes.
const form = document.querySelector("[data-code-form]");
const scan = document.querySelector("[data-scan]");
const camera = document.querySelector("[data-camera]");
const SAME_AGAIN = 4000;
let stream;
const stop = () => {
  stream?.getTracks().forEach((track) => track.stop());
  stream = undefined;
  camera.hidden = true;
};
const look = async (reader, video, seen) => {
  if (!stream) return;
  const [found] = await reader.detect(video).catch(() => []);
  if (found && (found.rawValue !== seen.text || Date.now() - seen.at > SAME_AGAIN)) {
    Object.assign(seen, { text: found.rawValue, at: Date.now() });
    form.elements.code.value = found.rawValue;
    form.requestSubmit();
  }
  setTimeout(() => look(reader, video, seen), 250);
};
const start = async () => {
  const video = camera.querySelector("video");
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch { say("The camera cannot be used. Use the camera of your telephone, or look for the name."); return; }
  camera.hidden = false;
  video.srcObject = stream;
  await video.play();
  look(new BarcodeDetector({ formats: ["qr_code"] }), video, { text: "", at: 0 });
};
if (scan && camera && "BarcodeDetector" in window && navigator.mediaDevices) {
  BarcodeDetector.getSupportedFormats().then((formats) => {
    if (!formats.includes("qr_code")) return;
    scan.hidden = false;
    scan.addEventListener("click", start);
    camera.querySelector("[data-scan-end]").addEventListener("click", stop);
    addEventListener("pagehide", stop);
  }).catch(() => {});
}

allWait();
draw();
if (kept().length) now();
