// A form that is not sent yet is saved behind the page as somebody types; without script its button does the same.
const QUIET = 4000;
const form = document.querySelector("form[data-draft]");
const said = document.getElementById("draft-said");
const revision = form?.elements.namedItem("revision");
let waiting = 0;
let saving = false;
let again = false;
let stopped = false;
let leaving;

// Files go with the button only: they are large, and held by the form from then on.
const typed = () => {
  const data = new FormData(form);
  for (const box of form.querySelectorAll("input[type=file]")) {
    const held = data.getAll(box.name).filter((value) => typeof value === "string");
    data.delete(box.name);
    held.forEach((value) => data.append(box.name, value));
  }
  return data;
};

const save = async () => {
  if (saving) { again = true; return; }
  saving = true;
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: typed(), headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (told.revision) revision.value = told.revision;
    if (answer.status === 409 || answer.status === 410) stopped = true;
    if (told.said) said.textContent = told.said;
  } catch {
    said.textContent = "Not saved: there is no connection. We try again as you go on.";
  } finally {
    saving = false;
    if (leaving !== undefined) form.requestSubmit(leaving);
    else if (again && !stopped) { again = false; save(); }
  }
};

// A page that the browser kept (its Back button) shows what was saved before: it is asked for anew.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

if (form && said && revision) {
  form.addEventListener("input", () => {
    if (stopped) return;
    clearTimeout(waiting);
    waiting = setTimeout(save, QUIET);
  });
  // What is being saved is waited for: else the form would go out with a revision that is old by then.
  form.addEventListener("submit", (event) => {
    stopped = true;
    clearTimeout(waiting);
    if (!saving) return;
    event.preventDefault();
    leaving = event.submitter;
  });
}
