// Enhancement only: every page works without this file.
const root = document.documentElement;

// Theme: the button posts its form, and the answer sets the cookie that the next page is drawn from.
// With script the page changes at once and the post goes out behind it; if it cannot, the form is sent.
const paint = (theme) => {
  root.classList.remove("theme-light", "theme-dark");
  root.classList.add(`theme-${theme}`);
};
for (const button of document.querySelectorAll("button[name=theme]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const { form, value } = button;
    paint(value);
    form.querySelector(`button[name=theme]:not([value=${value}])`)?.focus();
    fetch(form.action, { method: "POST", body: new FormData(form, button), redirect: "manual", keepalive: true })
      .then((answer) => { if (answer.status >= 400) form.requestSubmit(button); })
      .catch(() => form.requestSubmit(button));
  });
}

// The error summary takes focus when the page arrives with errors.
document.querySelector("[data-focus-on-load]")?.focus();

// Roll: tick all on this page, and say how many are ticked.
const all = document.querySelector("[data-tick-all]");
if (all) {
  const boxes = [...document.querySelectorAll("[data-tick]")];
  const count = document.querySelector("[data-tick-count]");
  const refresh = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = boxes.length > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    if (count) count.textContent = `${ticked} selected`;
  };
  all.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); refresh(); });
  boxes.forEach((box) => box.addEventListener("change", refresh));
  refresh();
}

// An address to copy: the button appears only where it can work.
for (const button of document.querySelectorAll("[data-copy]")) {
  const address = document.getElementById(button.dataset.copy);
  if (!address || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText((address.value ?? address.textContent).trim());
    button.querySelector("[data-copy-word]").textContent = "Copied";
  });
}

// A form that an answer under a condition ends: what follows it is hidden while both hold. A stylesheet follows one
// condition at a time (conditions.css); the server decides in any case.
for (const form of document.querySelectorAll(".conditional:has([data-unless-when])")) {
  const holds = (number) => form.querySelector(`[data-gate~="${number}"]:checked`) !== null;
  const follow = () => {
    for (const part of form.querySelectorAll("[data-unless-when]")) {
      part.hidden = part.dataset.unlessWhen.split(" ").some((ending) => ending.split(",").every(holds));
    }
  };
  form.addEventListener("change", follow);
  follow();
}
