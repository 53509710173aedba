// Everything works without this file; it only makes some things nicer.

const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function localTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    time.title = time.textContent;
    time.textContent = format.format(new Date(time.dateTime));
  }
}

function saveByKeyboard(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) {
    event.target.form.requestSubmit();
  }
}

function searchByKeyboard(event) {
  const search = document.querySelector("input[type=search]");
  const typing = event.target.matches("input, textarea, select, [contenteditable]");
  if (event.key === "/" && search && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
  }
}

// A form that was sent is not sent twice by a second click; coming back to the page frees it.
function sendOnce(event) {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else if (form.method === "post") form.dataset.sent = "yes";
}

function freeForms() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
}

localTimes(document);
document.addEventListener("keydown", saveByKeyboard);
document.addEventListener("keydown", searchByKeyboard);
document.addEventListener("submit", sendOnce);
window.addEventListener("pageshow", freeForms);
