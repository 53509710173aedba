// Everything works without this file; it only makes some things nicer.

const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function localTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    time.title = time.textContent;
    time.textContent = format.format(new Date(time.dateTime));
  }
}

// Keys: Ctrl+Enter saves a note, / goes to the search.

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

// The list stays fresh while it is looked at: each revision that the server tells of is fetched.
// A page in the background lets go of its connection, for a browser has only six to one server.

function followList(list) {
  let source;

  async function refresh(revision) {
    const answer = await fetch("/notes/list" + location.search, { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) return location.reload();
    const focused = list.contains(document.activeElement) && document.activeElement.getAttribute("href");
    list.innerHTML = await answer.text();
    list.dataset.revision = revision;
    localTimes(list);
    if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  }

  function follow() {
    source?.close();
    source = undefined;
    if (document.hidden) return;
    source = new EventSource("/notes/events");
    source.onmessage = ({ data }) => data !== list.dataset.revision && refresh(data);
  }

  document.addEventListener("visibilitychange", follow);
  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", ({ persisted }) => persisted && follow());
  follow();
}

// Files are sent in the background, so that their progress can be shown.

function uploadWithProgress(event) {
  const form = event.target;
  if (!("upload" in form.dataset)) return;
  event.preventDefault();
  const input = form.querySelector("input[type=file]");
  const large = [...input.files].find((file) => file.size > Number(input.dataset.max));
  if (large) return say(form, `“${large.name}” is too large.`);

  const progress = document.createElement("progress");
  progress.max = 1;
  progress.value = 0;
  progress.setAttribute("aria-label", "Sent so far");
  form.querySelector("progress")?.remove();
  form.append(progress);

  const request = new XMLHttpRequest();
  request.upload.onprogress = ({ loaded, total }) => (progress.value = loaded / total);
  request.onload = () => show(request.response);
  request.onerror = () => {
    progress.remove();
    delete form.dataset.sent;
    say(form, "The files could not be sent. Try again.");
  };
  request.open("POST", form.action);
  request.setRequestHeader("accept", "text/html");
  request.responseType = "document";
  request.send(new FormData(form));
}

function say(form, text) {
  delete form.dataset.sent;
  const problem = document.createElement("p");
  problem.className = "problem";
  problem.role = "alert";
  problem.textContent = text;
  form.parentElement.querySelector(".problem")?.remove();
  form.before(problem);
}

// What the server answered, after its redirect, is the page as it is now.
function show(page) {
  const main = document.importNode(page.querySelector("main"), true);
  localTimes(main);
  document.querySelector("main").replaceWith(main);
  document.title = page.title;
  main.querySelector("[role=alert], [role=status]")?.scrollIntoView({ block: "nearest" });
}

localTimes(document);
document.addEventListener("keydown", saveByKeyboard);
document.addEventListener("keydown", searchByKeyboard);
document.addEventListener("submit", sendOnce);
document.addEventListener("submit", uploadWithProgress);
window.addEventListener("pageshow", freeForms);

const list = document.getElementById("list");
if (list) followList(list);
